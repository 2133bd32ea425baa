#include "services/police/security_files.h"

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/account.h"
#include "services/exchange/erasure.h"
#include "services/police/security_decider.h"
#include "services/police/security_file.h"

namespace exitbus::police {
namespace {

using exchange::Decision;
using exchange::Facts;
using exchange::LetterPlace;
using exchange::Message;
using exchange::Method;

const jv1::SecurityFile& File(const Message& state) {
  return static_cast<const jv1::SecurityFile&>(state);
}

std::unique_ptr<Message> Show(const Message& state, const Message&, const Facts&) {
  return View(File(state));
}

template <class Request>
std::string ById(const Message& request) {
  return "security/" + static_cast<const Request&>(request).security_id();
}

template <class Request>
Method OnFile(const std::string& rpc, Decision (*decide)(const jv1::SecurityFile&, const Request&,
                                                         const Facts&) = nullptr) {
  Method method;
  method.name = "exitbus.police.v1.SecurityService." + rpc;
  method.target = ById<Request>;
  method.needs = exchange::Needs::kNothing;  // a security picture moves no responsibility
  if (decide != nullptr) {
    method.decide = [decide](const Message& state, const Message& request, const Facts& facts) {
      return decide(File(state), static_cast<const Request&>(request), facts);
    };
  }
  method.view = Show;
  return method;
}

Method ListFiles() {
  Method list;
  list.name = "exitbus.police.v1.SecurityService.ListSecurityFiles";
  list.list_prefix = "security/";
  list.watch = "exitbus.police.v1.SecurityService.WatchSecurityFiles";
  list.list_view = [](const Message& state, std::string_view, const Message& asked,
                      const Facts&) -> std::unique_ptr<Message> {
    const auto wanted = static_cast<const v1::ListSecurityFilesRequest&>(asked).standing();
    if (wanted != v1::POLICE_STANDING_UNSPECIFIED && File(state).standing() != wanted) {
      return nullptr;
    }
    return View(File(state));
  };
  return list;
}

// A handover is about the case this unit has a file on; everything else names the file itself.
std::optional<std::string> TargetOf(const LetterPlace& place, const exchange::v1::Body& body) {
  if (exchange::IsAboutErasure(body)) return LetterKey(place.subject);
  switch (place.exchange) {
    case policy::v1::EXCHANGE_HANDOVER:
    case policy::v1::EXCHANGE_CASE:
    case policy::v1::EXCHANGE_SECURITY:
      return LetterKey(body.handover_requested().security_id().empty()
                           ? place.subject
                           : body.handover_requested().security_id());
    default:
      return std::nullopt;
  }
}

}  // namespace

exchange::Aggregate SecurityFiles() {
  exchange::Aggregate files;
  files.name = "security";
  files.new_state = [] { return std::make_unique<jv1::SecurityFile>(); };
  files.evolve = [](Message& state, const Message& event) {
    Evolve(static_cast<jv1::SecurityFile&>(state), static_cast<const jv1::SecurityEvent&>(event));
  };
  files.keys = [](const Message& state, const exchange::Lookup&) { return KeysOf(File(state)); };
  files.deadlines = [](const Message& state) { return DeadlinesOf(File(state)); };
  files.letter_target = TargetOf;
  files.decide_letter = [](const Message& state, const LetterPlace& place,
                           const exchange::v1::Body& body, const Facts& facts) {
    return DecideLetter(File(state), place, body, facts);
  };
  files.decide_deadline = [](const Message& state, std::string_view authority, const Facts& facts) {
    return DecideDeadline(File(state), authority, facts);
  };
  files.may_still_go = [](const Message&, policy::v1::LegalBasis, absl::Time) { return true; };
  // The unit reads what it wrote, or what another unit handed to it as police.
  files.eyes = [](const Message&, policy::v1::Reader reader, const Facts&) {
    return exchange::Eyes{
        reader, {policy::v1::CONDITION_OWN_PART, policy::v1::CONDITION_SECURITY_TRANSFERRED}};
  };
  files.account_key = [](const Message& state) {
    return File(state).security_id().empty() ? "" : "security/" + File(state).security_id();
  };
  files.methods = {OnFile<v1::DeliverAssessmentRequest>("DeliverAssessment", &DeliverAssessment),
                   OnFile<v1::TransferAssessmentRequest>("TransferAssessment", &TransferAssessment),
                   OnFile<v1::GetSecurityFileRequest>("GetSecurityFile"), ListFiles(),
                   exchange::AccountMethod("exitbus.police.v1.SecurityService.GetAccount",
                                           ById<v1::GetAccountRequest>)};
  return files;
}

}  // namespace exitbus::police
