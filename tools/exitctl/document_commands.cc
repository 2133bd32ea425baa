#include <google/protobuf/message.h>

#include <ostream>

#include "adapters/directory/files.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/system/system_clock.h"
#include "exitbus/casework/v1/document_service.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "tools/exitctl/documents.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/rendering.h"

namespace exitbus::exitctl {
namespace {

namespace cv1 = casework::v1;

constexpr std::size_t kDocumentBytesMax = std::size_t{5} << 20;

// What the command's words say, as a request of this type.
template <class Request>
absl::StatusOr<Request> Asked(const Invocation& on) {
  ASSIGN_OR_RETURN(const auto request,
                   RequestOf(on.command, on.said, adapters::SystemClock().Now()));
  return static_cast<const Request&>(*request);
}

int Print(const absl::StatusOr<cv1::Document>& document, const Invocation& on) {
  if (!document.ok()) return PrintFailure(document.status(), on.terminal);
  on.terminal.out << (on.said.Has("--json") ? AsJson(*document) : AsText(*document)) << std::flush;
  return kDone;
}

}  // namespace

absl::StatusOr<int> StoreDocument(const Invocation& on) {
  ASSIGN_OR_RETURN(const auto request, Asked<cv1::BeginDocumentRequest>(on));
  ASSIGN_OR_RETURN(const std::string bytes, adapters::ReadFile(on.said["FILE"], kDocumentBytesMax));
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    adapters::SodiumRandom random;
    const Service service{client, profile, random};
    const auto begun = BeginUpload(service, request, bytes);
    if (!begun.ok()) return Print(begun, on);
    on.terminal.err << "document " << begun->document_id() << " is begun\n";
    return Print(Upload(service, request.case_id(), *begun, bytes), on);
  });
}

absl::StatusOr<int> ResumeDocument(const Invocation& on) {
  ASSIGN_OR_RETURN(const auto request, Asked<cv1::StoreDocumentSliceRequest>(on));
  ASSIGN_OR_RETURN(const std::string bytes, adapters::ReadFile(on.said["FILE"], kDocumentBytesMax));
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    adapters::SodiumRandom random;
    const Service service{client, profile, random};
    const auto begun = DocumentAt(service, request.case_id(), request.document_id());
    if (!begun.ok()) return Print(begun, on);
    return Print(Upload(service, request.case_id(), *begun, bytes), on);
  });
}

absl::StatusOr<int> SaveDocument(const Invocation& on) {
  ASSIGN_OR_RETURN(const auto request, Asked<cv1::ReadDocumentRequest>(on));
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    adapters::SodiumRandom random;
    const Service service{client, profile, random};
    const auto document = DocumentAt(service, request.case_id(), request.document_id());
    if (!document.ok()) return Print(document, on);
    const auto bytes = Download(service, request.case_id(), *document);
    if (!bytes.ok()) return PrintFailure(bytes.status(), on.terminal);
    const absl::Status written = adapters::WriteNewSecretFile(on.said["OUT"], *bytes);
    return written.ok() ? Print(document, on) : Misused(std::string(written.message()), on);
  });
}

}  // namespace exitbus::exitctl
