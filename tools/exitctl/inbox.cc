#include "tools/exitctl/inbox.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <map>
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

namespace dv1 = contact_point::v1;
namespace hv1 = handover::v1;
namespace plv1 = police::v1;
using google::protobuf::Message;

const std::string& IdOf(const hv1::Handover& view) { return view.handover_id(); }
const std::string& IdOf(const plv1::SecurityFile& view) { return view.security_id(); }
const std::string& IdOf(const dv1::FollowedHandover& view) { return view.contact_id(); }

const hv1::Handover* ToldIn(const hv1::WatchHandoversResponse& said) {
  return said.has_handover() ? &said.handover() : nullptr;
}
const plv1::SecurityFile* ToldIn(const plv1::WatchSecurityFilesResponse& said) {
  return said.has_file() ? &said.file() : nullptr;
}
const dv1::FollowedHandover* ToldIn(const dv1::WatchFollowedHandoversResponse& said) {
  return said.has_handover() ? &said.handover() : nullptr;
}

bool IsUnread(const plv1::PrecautionsTold& told) { return told.acknowledged_by().empty(); }

bool Waits(const hv1::Handover& view) { return view.waiting_for() == view.side(); }
bool Waits(const plv1::SecurityFile& view) {
  return view.standing() == plv1::POLICE_STANDING_IN_CHARGE &&
         (!view.has_assessment() || std::any_of(view.told().begin(), view.told().end(), IsUnread));
}
bool Waits(const dv1::FollowedHandover& view) {
  return !view.escalations().empty() &&
         !view.escalations(view.escalations_size() - 1).has_answered();
}

// When it was or is due: the most urgent comes first.
google::protobuf::Timestamp DueOf(const hv1::Handover& view) {
  return view.escalated() ? google::protobuf::Timestamp() : view.due();
}
google::protobuf::Timestamp DueOf(const plv1::SecurityFile& view) {
  google::protobuf::Timestamp due;  // an assessment that is wanted is due at once
  for (const plv1::PrecautionsTold& told : view.told()) {
    if (IsUnread(told) && (due.seconds() == 0 || told.due() < due)) due = told.due();
  }
  return due;
}
google::protobuf::Timestamp DueOf(const dv1::FollowedHandover& view) {
  return view.escalations(view.escalations_size() - 1).due();
}

void Add(const hv1::Handover& view, hv1::ListHandoversResponse& list) {
  *list.add_handovers() = view;
}
void Add(const plv1::SecurityFile& view, plv1::ListSecurityFilesResponse& list) {
  *list.add_files() = view;
}
void Add(const dv1::FollowedHandover& view, dv1::ListFollowedHandoversResponse& list) {
  *list.add_handovers() = view;
}

template <class Resource, class Said, class List>
absl::Status PrintWaiting(adapters::GrpcClient& client, const std::string& method,
                          const Profile& profile, Form form, Terminal terminal) {
  std::map<std::string, Resource> waiting;
  const auto take = [&](const Message& message) {
    const auto& said = *google::protobuf::DynamicCastToGenerated<Said>(&message);
    if (const Resource* told = ToldIn(said); told != nullptr && Waits(*told)) {
      waiting[IdOf(*told)] = *told;
    } else {
      waiting.erase(told != nullptr ? IdOf(*told) : said.gone());
    }
    return said.marker() != watch::v1::MARKER_CAUGHT_UP;
  };
  if (const absl::Status ended = Follow(client, MethodNamed(method), profile, {}, take, terminal);
      !ended.ok()) {
    return ended;
  }
  std::vector<Resource> inbox;
  for (auto& [id, view] : waiting) inbox.push_back(std::move(view));
  std::stable_sort(inbox.begin(), inbox.end(),
                   [](const Resource& a, const Resource& b) { return DueOf(a) < DueOf(b); });
  List list;
  for (const Resource& view : inbox) Add(view, list);
  terminal.out << (form == Form::kJson ? AsJson(list) : AsText(list)) << std::flush;
  return absl::OkStatus();
}

}  // namespace

const char kInboxHelp[] =
    "exitctl inbox\n  what waits for this authority now, the most urgent first: handovers; with "
    "the\n"
    "  police, assessments to be made and precautions nobody has read; with the contact point,\n"
    "  handovers that wait for an answer too long\n";

int PrintInbox(adapters::GrpcClient& client, const Profile& profile, Form form, Terminal terminal) {
  // An authority serves one of these; it says so of the others.
  absl::Status ended =
      PrintWaiting<hv1::Handover, hv1::WatchHandoversResponse, hv1::ListHandoversResponse>(
          client, "exitbus.handover.v1.HandoverService.WatchHandovers", profile, form, terminal);
  if (absl::IsUnimplemented(ended)) {
    ended = PrintWaiting<plv1::SecurityFile, plv1::WatchSecurityFilesResponse,
                         plv1::ListSecurityFilesResponse>(
        client, "exitbus.police.v1.SecurityService.WatchSecurityFiles", profile, form, terminal);
  }
  if (absl::IsUnimplemented(ended)) {
    ended = PrintWaiting<dv1::FollowedHandover, dv1::WatchFollowedHandoversResponse,
                         dv1::ListFollowedHandoversResponse>(
        client, "exitbus.contact_point.v1.HandoverDeskService.WatchFollowedHandovers", profile,
        form, terminal);
  }
  return ended.ok() ? kDone : PrintFailure(ended, terminal);
}

}  // namespace exitbus::exitctl
