#include "tests/upgrade/shown.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"

namespace exitbus::upgrade {
namespace {

namespace pv1 = policy::v1;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Listed {
  std::string service;
  std::string list;
  std::string id;  // the field that tells its entries apart, and asks for one
  std::vector<std::string>
      of_one;  // what is asked of each; the account last, which counts the rest
};

const std::vector<Listed>& ListsOf(pv1::AuthorityKind kind) {
  static const auto* const of_cases = new std::vector<Listed>{
      {"exitbus.casework.v1.CaseService",
       "ListCases",
       "case_id",
       {"GetCase", "GetResponsibility", "GetAccount"}},
      {"exitbus.handover.v1.HandoverService", "ListHandovers", "handover_id", {"GetHandover"}},
      {"exitbus.casework.v1.ErasureService", "ListErasures", "erasure_id", {"GetErasure"}}};
  static const auto* const of_police = new std::vector<Listed>{{"exitbus.police.v1.SecurityService",
                                                                "ListSecurityFiles",
                                                                "security_id",
                                                                {"GetSecurityFile", "GetAccount"}}};
  static const auto* const of_nec = new std::vector<Listed>{
      {"exitbus.nec.v1.OverviewService", "ListEntries", "overview_id", {"GetEntry", "GetAccount"}}};
  static const auto* const of_desk =
      new std::vector<Listed>{{"exitbus.contact_point.v1.HandoverDeskService",
                               "ListMonitoredHandovers",
                               "contact_id",
                               {"GetMonitoredHandover"}}};
  switch (kind) {
    case pv1::AUTHORITY_KIND_POLICE:
      return *of_police;
    case pv1::AUTHORITY_KIND_NEC:
      return *of_nec;
    case pv1::AUTHORITY_KIND_CONTACT_POINT:
      return *of_desk;
    default:
      return *of_cases;
  }
}

// Asks, and writes down what is answered.
class Asker {
 public:
  Asker(const Answers& answers, absl::Time now) : answers_(answers), now_(now) {}

  absl::Status AskAll(const Listed& listed) {
    ASSIGN_OR_RETURN(const auto page, Ask(absl::StrCat(listed.service, ".", listed.list), "", ""));
    const Message& list = *page;
    const FieldDescriptor* entries = list.GetDescriptor()->field(0);
    for (int i = 0; i < list.GetReflection()->FieldSize(list, entries); ++i) {
      const Message& entry = list.GetReflection()->GetRepeatedMessage(list, entries, i);
      const FieldDescriptor* id = entry.GetDescriptor()->FindFieldByName(listed.id);
      for (const std::string& one : listed.of_one) {
        RETURN_IF_ERROR(Ask(absl::StrCat(listed.service, ".", one), listed.id,
                            entry.GetReflection()->GetString(entry, id))
                            .status());
      }
    }
    return absl::OkStatus();
  }

  testing::v1::Shown Take() { return std::move(shown_); }

 private:
  absl::StatusOr<std::unique_ptr<Message>> Ask(const std::string& method, const std::string& field,
                                               const std::string& id) {
    const auto* found =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method);
    if (found == nullptr) return absl::InternalError(method + ": there is no such method");
    const std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                               ->GetPrototype(found->input_type())
                                               ->New());
    const auto field_of = [&](const char* name) {
      return found->input_type()->FindFieldByName(name);
    };
    const auto* reflection = request->GetReflection();
    if (!field.empty()) reflection->SetString(request.get(), field_of(field.c_str()), id);
    if (const auto* size = field_of("page_size")) reflection->SetUInt32(request.get(), size, 200);
    if (const auto* instant = field_of("instant")) {
      reflection->MutableMessage(request.get(), instant)->CopyFrom(exchange::ToProto(now_));
    }
    auto answered = answers_(method, *request);
    if (!answered.ok()) return answered;
    testing::v1::ShownAnswer& answer = *shown_.add_answers();
    answer.set_method(method);
    answer.mutable_request()->PackFrom(*request);
    answer.mutable_response()->PackFrom(**answered);
    return answered;
  }

  const Answers& answers_;
  const absl::Time now_;
  testing::v1::Shown shown_;
};

}  // namespace

absl::StatusOr<testing::v1::Shown> AllShown(pv1::AuthorityKind kind, absl::Time now,
                                            const Answers& answers) {
  Asker asker(answers, now);
  for (const Listed& listed : ListsOf(kind)) RETURN_IF_ERROR(asker.AskAll(listed));
  return asker.Take();
}

std::unique_ptr<Message> Unpacked(const google::protobuf::Any& any) {
  const std::string type = any.type_url().substr(any.type_url().rfind('/') + 1);
  const Descriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  if (descriptor == nullptr) return nullptr;
  std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
  return any.UnpackTo(message.get()) ? std::move(message) : nullptr;
}

}  // namespace exitbus::upgrade
