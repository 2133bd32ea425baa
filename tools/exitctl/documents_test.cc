// Files to and from a case, in slices, with a service that answers what the test says.
#include "tools/exitctl/documents.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/casework/v1/document_service.pb.h"
#include "tools/exitctl/fake_client.h"

namespace exitbus::exitctl {
namespace {

namespace cv1 = casework::v1;
using google::protobuf::Message;

constexpr std::size_t kSlice = std::size_t{192} * 1024;

// Keeps what it is sent as a service does.
class DocumentsTest : public testing::Test {
 protected:
  FakeClient::Reply Answer(const Message& request) {
    if (request.GetDescriptor() == cv1::BeginDocumentRequest::descriptor()) {
      const auto& begin = static_cast<const cv1::BeginDocumentRequest&>(request);
      document.set_document_id("d");
      document.set_size(begin.size());
      document.set_sha256(begin.sha256());
      document.set_slices((begin.size() + kSlice - 1) / kSlice);
      document.set_stage(cv1::DOCUMENT_STAGE_UPLOADING);
      auto begun = std::make_unique<cv1::BeginDocumentResponse>();
      *begun->mutable_document() = document;
      return begun;
    }
    if (request.GetDescriptor() == cv1::StoreDocumentSliceRequest::descriptor()) {
      if (lost) return absl::UnavailableError("lost");
      const auto& slice = static_cast<const cv1::StoreDocumentSliceRequest&>(request);
      EXPECT_EQ(slice.slice(), document.slices_here() + 1);
      bytes += slice.content();
      document.set_slices_here(slice.slice());
      if (slice.slice() == document.slices()) document.set_stage(cv1::DOCUMENT_STAGE_COMPLETE);
      auto stored = std::make_unique<cv1::StoreDocumentSliceResponse>();
      *stored->mutable_document() = document;
      return stored;
    }
    if (request.GetDescriptor() == cv1::ListDocumentsRequest::descriptor()) {
      auto listed = std::make_unique<cv1::ListDocumentsResponse>();
      *listed->mutable_documents()->add_documents() = document;
      return listed;
    }
    const auto& read = static_cast<const cv1::ReadDocumentRequest&>(request);
    auto content = std::make_unique<cv1::ReadDocumentResponse>();
    content->mutable_content()->set_content(bytes.substr((read.slice() - 1) * kSlice, kSlice));
    return content;
  }

  cv1::Document document;
  std::string bytes;
  bool lost = false;
  FakeClient client{
      [this](const Message& request, const adapters::CallOptions&) { return Answer(request); }};
  Profile profile;
  adapters::SodiumRandom random;
  Service service{client, profile, random};
  const std::string content = std::string(kSlice, 'a') + std::string(7, 'b');
};

TEST_F(DocumentsTest, AFileGoesInSlicesAndComesBackAsItWas) {
  const auto begun = BeginUpload(service, {}, content);
  ASSERT_TRUE(begun.ok()) << begun.status();
  const auto stored = Upload(service, "c", *begun, content);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->stage(), cv1::DOCUMENT_STAGE_COMPLETE);
  EXPECT_EQ(*Download(service, "c", *stored), content);
}

TEST_F(DocumentsTest, AnInterruptedOneGoesOnWhereItStopped) {
  const auto begun = BeginUpload(service, {}, content);
  lost = true;
  EXPECT_TRUE(absl::IsUnavailable(Upload(service, "c", *begun, content).status()));
  lost = false;
  const auto there = DocumentAt(service, "c", "d");
  ASSERT_TRUE(there.ok()) << there.status();
  EXPECT_TRUE(Upload(service, "c", *there, content).ok());
  EXPECT_EQ(bytes, content);
  EXPECT_TRUE(absl::IsInvalidArgument(Upload(service, "c", *there, "another").status()));
  EXPECT_TRUE(absl::IsNotFound(DocumentAt(service, "c", "unheard-of").status()));
}

TEST_F(DocumentsTest, WhatIsNotAsTheDigestSaysIsNotSaved) {
  ASSERT_TRUE(Upload(service, "c", *BeginUpload(service, {}, content), content).ok());
  bytes.back() = '!';
  EXPECT_TRUE(absl::IsDataLoss(Download(service, "c", document).status()));
}

}  // namespace
}  // namespace exitbus::exitctl
