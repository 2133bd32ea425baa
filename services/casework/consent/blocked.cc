#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/consent.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/proto_time.h"
#include "services/policy/plan.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::ToProto;

cv1::Blocked BlockedFrom(const jv1::SentOnConsent& disclosed, const std::string& counterpart,
                         bool sent) {
  cv1::Blocked blocked;
  blocked.set_counterpart(counterpart);
  blocked.set_sent(sent);
  *blocked.mutable_categories() = disclosed.categories();
  *blocked.mutable_fields() = disclosed.fields();
  *blocked.mutable_disclosed() = disclosed.sent();
  *blocked.mutable_blocked() = disclosed.blocked();
  return blocked;
}

// By name: paths of fields, and their categories. A salt says nothing.
jv1::SentOnConsent NamesIn(const google::protobuf::Message& message, const policy::Viewer& viewer) {
  const std::unique_ptr<google::protobuf::Message> saying(message.New());
  saying->CopyFrom(message);
  if (const auto* salt = saying->GetDescriptor()->FindFieldByName("salt")) {
    saying->GetReflection()->ClearField(saying.get(), salt);
  }
  const policy::Projection seen = policy::Project(*saying, viewer);
  jv1::SentOnConsent names;
  for (const std::string& field : seen.released_fields) {
    if (field != "legal_basis") names.add_fields(field);
  }
  for (const pv1::Category category : seen.released) names.add_categories(category);
  return names;
}

}  // namespace

policy::Viewer TheReceiver() {
  return {pv1::READER_RECEIVER,
          pv1::LEVEL_FULL,
          {pv1::CONDITION_AFTER_ACCEPTANCE, pv1::CONDITION_LEGAL_BASIS}};
}

std::uint64_t NextNumber(std::string_view authority, pv1::Channel channel, std::string_view subject,
                         const exchange::Decision& decided,
                         const exchange::DecisionContext& context) {
  const auto& ahead = decided.notifications();
  const auto is_ahead = [&](const exchange::Notification& one) {
    return one.to.authority == authority && one.to.subject == subject;
  };
  return context.lookup->ProgressWith(authority, channel, subject).sent + 1 +
         static_cast<std::uint64_t>(std::count_if(ahead.begin(), ahead.end(), is_ahead));
}

jv1::SentOnConsent OnConsent(const google::protobuf::Message& message, const policy::Viewer& viewer,
                             std::uint64_t number, const exchange::DecisionContext& context) {
  jv1::SentOnConsent sent = NamesIn(message, viewer);
  sent.set_number(number);
  *sent.mutable_sent() = ToProto(context.now);
  return sent;
}

google::protobuf::RepeatedPtrField<cv1::Blocked> BlockedOf(const jv1::Handover& handover) {
  google::protobuf::RepeatedPtrField<cv1::Blocked> all;
  if (handover.identity_on_consent().has_blocked()) {
    *all.Add() = BlockedFrom(handover.identity_on_consent(), handover.counterpart(),
                             handover.side() == hv1::SIDE_HOLDER);
  }
  for (const jv1::SentOnConsent& sent : handover.sent_on_consent()) {
    if (sent.has_blocked()) *all.Add() = BlockedFrom(sent, handover.counterpart(), true);
  }
  for (const jv1::ReceivedOnConsent& received : handover.received_on_consent()) {
    if (!received.has_blocked()) continue;
    jv1::SentOnConsent names = NamesIn(received.part(), TheReceiver());
    *names.mutable_sent() = received.received();
    *names.mutable_blocked() = received.blocked();
    *all.Add() = BlockedFrom(names, handover.counterpart(), false);
  }
  return all;
}

google::protobuf::RepeatedPtrField<cv1::Blocked> BlockedOf(const jv1::CaseFile& file) {
  google::protobuf::RepeatedPtrField<cv1::Blocked> all;
  for (const jv1::Handover& handover : file.handovers()) all.MergeFrom(BlockedOf(handover));
  if (file.police_on_consent().has_blocked()) {
    *all.Add() = BlockedFrom(file.police_on_consent(), file.police(), true);
  }
  return all;
}

}  // namespace exitbus::casework
