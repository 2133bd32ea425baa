#include "services/police/address_notice.h"

#include <memory>
#include <string>
#include <vector>

#include "exitbus/address/v1/address.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/address/duty.h"
#include "services/exchange/compose.h"
#include "services/police/address_notice_part.h"

namespace exitbus::police {
namespace {

namespace av1 = address::v1;
namespace pv1 = policy::v1;
using exchange::DecisionContext;
using exchange::Message;

std::vector<std::string> WhoHasIt(const jv1::AddressNotice& notice) {
  if (!notice.has_seen() || notice.seen().stage() == av1::ADDRESS_DUTY_STAGE_CLOSED) return {};
  return {notice.seen().municipality()};
}

}  // namespace

std::unique_ptr<Message> NoticeView(const jv1::AddressNotice& notice) {
  if (!notice.has_seen()) return nullptr;
  auto view = std::make_unique<av1::AddressNotice>(notice.seen());
  exchange::ShowDue(notice.next(), *view);
  return view;
}

exchange::Aggregate AddressNotices() {
  exchange::Aggregate notices = exchange::Compose<jv1::AddressNotice, jv1::AddressNoticeEvent>(
      kNotices, {NoticeLetters(), NoticeEvents(), NoticeMethods()},
      [](const exchange::LetterPlace& place) { return address::NoticeKey(place.subject); });
  // A store that was put back has forgotten what it gave, and to whom.
  notices.open_counterparts = exchange::OfState(&WhoHasIt);
  notices.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    if (reader != pv1::READER_POLICE) return exchange::Visibility{};
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  notices.account_key = [](const Message& state) {
    const auto& notice = static_cast<const jv1::AddressNotice&>(state);
    return notice.has_seen() ? address::NoticeKey(notice.seen().notice_id()) : std::string();
  };
  return notices;
}

}  // namespace exitbus::police
