#include "services/console/methods.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "exitbus/operations/v1/operations_service.pb.h"
#include "services/console/account.h"
#include "services/console/board.h"
#include "services/console/channels.h"
#include "services/console/connection.h"
#include "services/console/world.h"
#include "services/exchange/decision.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/proto_time.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;
using exchange::Answer;
using google::protobuf::Message;

constexpr std::uint32_t kPageDefault = 50;
constexpr std::uint32_t kPageMax = 200;

Answer Refused(absl::StatusCode code, std::string_view reason, std::string_view message) {
  return {nullptr, exchange::RefusedBy(reason, message, code)};
}

template <class Reply>
Answer Replied(Reply reply) {
  return {std::make_unique<Reply>(std::move(reply)), {}};
}

Answer GetSelf(const Asked& asked, const World& world) {
  ov1::GetSelfResponse self;
  self.set_role(asked.viewer.role);
  self.set_authority(asked.viewer.authority);
  if (const auto entry = world.directory->Find(asked.viewer.authority)) {
    self.set_authority_name(entry->name);
  }
  self.set_employee(asked.viewer.employee);
  self.set_environment(asked.environment);
  self.set_development(asked.development);
  self.set_version(asked.version);
  return Replied(std::move(self));
}

Answer GetOverview(const Asked& asked, const Board& board) {
  ov1::GetOverviewResponse all;
  board.Tell(asked.viewer.authority, all);
  *all.mutable_time() = exchange::ToProto(asked.now);
  return Replied(std::move(all));
}

// What is not to be seen answers as what is not there.
Answer GetMessagePath(const Asked& asked, const ov1::GetMessagePathRequest& request,
                      const World& world) {
  auto path = world.reports.paths().Find(request.hop_id());
  if (path && IsSecret(path->channel()) && !asked.viewer.Operates(path->authority())) path.reset();
  if (!path) {
    Answer none = Refused(absl::StatusCode::kNotFound, "console.no_such_path",
                          "No letter has this id here, or it is not yours to follow, or it is from "
                          "before the console's start. Its authority's log has it.");
    none.refusal.metadata = {
        {"known_since",
         absl::FormatTime(absl::RFC3339_sec, world.reports.started(), absl::UTCTimeZone())}};
    return none;
  }
  ov1::GetMessagePathResponse response;
  *response.mutable_path() = *std::move(path);
  return Replied(std::move(response));
}

Answer Connection(const Asked& asked, const ov1::TestConnectionRequest& request,
                  const World& world) {
  const auto from = world.directory->Find(request.from());
  const auto to = world.directory->Find(request.to());
  if (!from || !to) {
    return Refused(absl::StatusCode::kNotFound, "console.no_such_authority",
                   "The directory lists no such authority: name both by their ids.");
  }
  const Viewer& viewer = asked.viewer;
  if (viewer.role == ov1::ROLE_AUTHORITY_OPERATOR && !viewer.Operates(from->id) &&
      !viewer.Operates(to->id)) {
    return Refused(absl::StatusCode::kPermissionDenied, "console.not_for_role",
                   "An authority's operator tests connections of his own authority.");
  }
  return Replied(TestConnection(world, *from, *to, asked.now));
}

Answer ListLooks(const Asked& asked, const ov1::ListLooksRequest& request, const Account& account) {
  std::uint64_t before = 0;
  if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &before)) {
    return Refused(absl::StatusCode::kInvalidArgument, "request.bad_page_token",
                   "This is no token of this list: begin without one.");
  }
  const std::size_t size =
      request.page_size() == 0 ? kPageDefault : std::min(request.page_size(), kPageMax);
  auto looks = account.Newest(asked.viewer, before, size);
  if (!looks.ok()) {
    return Refused(absl::StatusCode::kUnavailable, "console.account_unavailable",
                   "The account could not be read; try again.");
  }
  ov1::ListLooksResponse response;
  if (looks->size() == size) response.set_next_page_token(absl::StrCat(looks->back().number()));
  for (ov1::Look& look : *looks) *response.add_looks() = std::move(look);
  return Replied(std::move(response));
}

template <class Request>
const Request& As(const Message& request) {
  return static_cast<const Request&>(request);
}

}  // namespace

std::string SubjectOf(const Message& request) {
  if (const auto* path = dynamic_cast<const ov1::GetMessagePathRequest*>(&request)) {
    return path->hop_id();
  }
  if (const auto* test = dynamic_cast<const ov1::TestConnectionRequest*>(&request)) {
    return absl::StrCat(test->from(), " ", test->to());
  }
  return "";
}

Answer AnswerTo(std::string_view method, const Asked& asked, const Message& request,
                const World& world, const Board& board, const Account& account) {
  if (method == "GetSelf") return GetSelf(asked, world);
  if (method == "GetOverview") return GetOverview(asked, board);
  if (method == "GetMessagePath") {
    return GetMessagePath(asked, As<ov1::GetMessagePathRequest>(request), world);
  }
  if (method == "TestConnection") {
    return Connection(asked, As<ov1::TestConnectionRequest>(request), world);
  }
  if (method == "ListLooks") return ListLooks(asked, As<ov1::ListLooksRequest>(request), account);
  exchange::ProgramFault("the console has no such method", std::string(method));
}

}  // namespace exitbus::console
