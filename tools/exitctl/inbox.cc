#include "tools/exitctl/inbox.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "adapters/grpc/grpc_client.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tools/exitctl/follow.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/rendering.h"

namespace exitbus::exitctl {
namespace {

namespace plv1 = police::v1;
using google::protobuf::Message;
using google::protobuf::Timestamp;

// When what waits for this authority was or is due, the most urgent first; nullopt: nothing does.
using Due = std::optional<Timestamp>;

Due DueOf(const handover::v1::Handover& view) {
  if (view.waiting_for() != view.side()) return std::nullopt;
  return view.escalated() ? Timestamp() : view.due();
}

Due DueOf(const plv1::SecurityFile& view) {
  if (view.standing() != plv1::POLICE_STANDING_IN_CHARGE) return std::nullopt;
  if (!view.has_assessment()) return Timestamp();
  Due due;
  for (const plv1::PrecautionsRecipient& recipient : view.precautions_recipients()) {
    if (recipient.acknowledged_by().empty() && (!due || recipient.due() < *due))
      due = recipient.due();
  }
  return due;
}

Due DueOf(const contact_point::v1::MonitoredHandover& view) {
  if (view.escalations().empty()) return std::nullopt;
  const auto& last = view.escalations(view.escalations_size() - 1);
  return last.has_answered() ? std::nullopt : Due(last.due());
}

struct Waiting {
  Timestamp due;
  std::unique_ptr<Message> view;
};

// Keeps in `waiting`, by id, what the watch says of it. Returns whether there is more.
template <class View>
bool Take(const Message& message, std::map<std::string, Waiting>& waiting) {
  const auto* reflection = message.GetReflection();
  const auto* change = reflection->GetOneofFieldDescriptor(
      message, message.GetDescriptor()->FindOneofByName("change"));
  if (change == nullptr) return true;
  if (change->name() == "marker") {
    return reflection->GetEnumValue(message, change) != watch::v1::MARKER_CAUGHT_UP;
  }
  if (change->name() == "gone") {
    waiting.erase(reflection->GetString(message, change));
    return true;
  }
  const Message& told = reflection->GetMessage(message, change);
  const std::string id = told.GetReflection()->GetString(told, told.GetDescriptor()->field(0));
  waiting.erase(id);
  const auto& view = *google::protobuf::DynamicCastToGenerated<View>(&told);
  if (const Due due = DueOf(view)) waiting[id] = {*due, std::make_unique<View>(view)};
  return true;
}

// Watches by `watch` and prints as `list` would.
template <class View>
absl::Status PrintWaiting(adapters::GrpcClient& client, const char* watch, const char* list,
                          const Profile& profile, Form form, Terminal terminal) {
  std::map<std::string, Waiting> waiting;
  const absl::Status ended = Follow(
      client, MethodNamed(watch), profile, {},
      [&](const Message& message) { return Take<View>(message, waiting); }, terminal);
  if (!ended.ok()) return ended;
  std::vector<Waiting> inbox;
  for (auto& [id, one] : waiting) inbox.push_back(std::move(one));
  std::stable_sort(inbox.begin(), inbox.end(),
                   [](const Waiting& a, const Waiting& b) { return a.due < b.due; });
  const std::unique_ptr<Message> answer = NewMessage(*MethodNamed(list).output_type());
  for (const Waiting& one : inbox) {
    answer->GetReflection()
        ->AddMessage(answer.get(), answer->GetDescriptor()->field(0))
        ->CopyFrom(*one.view);
  }
  terminal.out << (form == Form::kJson ? AsJson(*answer) : AsText(*answer)) << std::flush;
  return absl::OkStatus();
}

}  // namespace

int PrintInbox(adapters::GrpcClient& client, const Profile& profile, Form form, Terminal terminal) {
  // An authority serves one of these; it says so of the others.
  absl::Status ended = PrintWaiting<handover::v1::Handover>(
      client, "exitbus.handover.v1.HandoverService.WatchHandovers",
      "exitbus.handover.v1.HandoverService.ListHandovers", profile, form, terminal);
  if (absl::IsUnimplemented(ended)) {
    ended = PrintWaiting<plv1::SecurityFile>(
        client, "exitbus.police.v1.SecurityService.WatchSecurityFiles",
        "exitbus.police.v1.SecurityService.ListSecurityFiles", profile, form, terminal);
  }
  if (absl::IsUnimplemented(ended)) {
    ended = PrintWaiting<contact_point::v1::MonitoredHandover>(
        client, "exitbus.contact_point.v1.HandoverDeskService.WatchMonitoredHandovers",
        "exitbus.contact_point.v1.HandoverDeskService.ListMonitoredHandovers", profile, form,
        terminal);
  }
  return ended.ok() ? kDone : PrintFailure(ended, terminal);
}

}  // namespace exitbus::exitctl
