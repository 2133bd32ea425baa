// What becomes of a notice, by which keys it is found, and what of it the authority in charge
// hears.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "services/address/duty.h"
#include "services/exchange/keys.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/police/address.h"
#include "services/police/address_notice.h"
#include "services/police/address_notice_part.h"

namespace exitbus::police {
namespace {

namespace av1 = address::v1;
namespace hv1 = handover::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::KindName;
using exchange::Lookup;
using exchange::ToProto;

// Of the notices for a move: that their register has not answered; that secure the address of whose
// move it is; of which the person has not come yet.
constexpr char kWaits[] = "waits", kSecures[] = "secures", kComes[] = "comes";
std::string ForMove(const char* what, const std::string& handover_id,
                    const std::string& notice_id) {
  return KindName{what, absl::StrCat(handover_id, "/", notice_id)}.Encode();
}
std::string OfKey(const std::string& person, const std::string& municipality,
                  const std::string& notice_id) {
  return KindName{"of",
                  absl::StrCat(municipality, "/", exchange::PersonName{person, notice_id}.Encode())}
      .Encode();
}

std::vector<std::string> Below(const std::string& prefix, const Lookup& lookup) {
  return lookup.NamesBelow(exchange::IndexKey{kNotices, prefix}.Encode());
}

void Note(const jv1::ActReported& reported, av1::AddressNotice& seen) {
  address::Apply(reported.act(), reported.day(), seen);
  if (reported.act() == av1::ADDRESS_ACT_REGISTERED ||
      reported.act() == av1::ADDRESS_ACT_PROTECTION_RENEWED) {
    *seen.mutable_protected_until() = ToProto(address::ProtectedUntil(FromProto(reported.day())));
  }
  if (reported.act() == av1::ADDRESS_ACT_MOVED_AWAY) seen.set_moved_to(reported.moved_to());
}

std::vector<std::string> KeysOf(const jv1::AddressNotice& notice, const Lookup& lookup) {
  if (!notice.has_seen()) return {};
  const av1::AddressNotice& seen = notice.seen();
  std::vector<std::string> keys = {address::NoticeKey(seen.notice_id())};
  if (!address::Stands(seen.stage())) return keys;
  keys.push_back(
      OfKey(lookup.PersonKey(seen.adult().cpr_number()), seen.municipality(), seen.notice_id()));
  if (seen.handover_id().empty()) return keys;
  const auto add = [&](const char* what) {
    keys.push_back(ForMove(what, seen.handover_id(), seen.notice_id()));
  };
  if (seen.stage() == av1::ADDRESS_DUTY_STAGE_REQUESTED) {
    add(kWaits);
  } else if (notice.names_mover()) {
    add(kSecures);
  }
  if (seen.has_moves_on()) add(kComes);
  return keys;
}

std::vector<exchange::NamedObligation> Owed(const jv1::AddressNotice& notice) {
  return {{"", &notice.next()}};
}

}  // namespace

void TakeGiven(jv1::AddressNotice& notice, const jv1::NoticeGiven& given) {
  *notice.mutable_seen() = given.seen();
  notice.set_names_mover(given.names_mover());
  *notice.mutable_next() = given.next();
}

// Who has ended it himself has.
void TakeEnd(jv1::AddressNotice& notice, const jv1::NoticeEnded& ended) {
  av1::AddressNotice& seen = *notice.mutable_seen();
  *notice.mutable_next() = ended.next();
  if (seen.stage() == av1::ADDRESS_DUTY_STAGE_ENDED_BY_PERSON) return;
  seen.set_stage(av1::ADDRESS_DUTY_STAGE_ENDED_BY_POLICE);
  *seen.mutable_ended() = ended.instant();
}

// Once the move is over the notice has nothing to do with a case; once it is closed, with nobody.
void TakeReport(jv1::AddressNotice& notice, const jv1::ActReported& reported) {
  av1::AddressNotice& seen = *notice.mutable_seen();
  Note(reported, seen);
  *notice.mutable_next() = reported.next();
  if (reported.forgets_move()) seen.clear_handover_id();
  if (seen.stage() != av1::ADDRESS_DUTY_STAGE_CLOSED) return;
  seen.clear_adult();
  seen.clear_children();
  seen.clear_handover_id();
  seen.clear_moved_to();
}

// The register owes its next act; of who has moved away, or wants the notice no more, this unit
// does.
exchange::ov1::Obligation NextOf(const av1::AddressNotice& seen, const DecisionContext& context) {
  const bool ours = seen.stage() == av1::ADDRESS_DUTY_STAGE_MOVED_AWAY ||
                    seen.stage() == av1::ADDRESS_DUTY_STAGE_ENDED_BY_PERSON;
  absl::Time due = absl::InfiniteFuture();
  if (ours || seen.stage() == av1::ADDRESS_DUTY_STAGE_REQUESTED) {
    due = address::ToRegisterBy(context.now);
  } else if (seen.stage() == av1::ADDRESS_DUTY_STAGE_ENDED_BY_POLICE) {
    due = address::OrdinaryDue(context.now);
  } else if (address::Stands(seen.stage())) {
    due = FromProto(seen.protected_until());
    if (address::AwaitsMove(seen)) {
      due = std::min(due, address::MoveDue(FromProto(seen.moves_on())));
    }
  }
  if (due == absl::InfiniteFuture()) return {};
  return exchange::OwedBy(ours ? context.self->id : seen.municipality(), seen.notice_id(), due);
}

void TellHolder(const jv1::AddressNotice& notice, const DecisionContext& context,
                Decision& decision) {
  const av1::AddressNotice& seen = notice.seen();
  const std::string holder = HolderOfMove(seen.handover_id(), seen.municipality(), context);
  if (holder.empty()) return;
  const auto others = [&](const char* what) {
    auto ids = Below(ForMove(what, seen.handover_id(), ""), *context.lookup);
    std::erase(ids, seen.notice_id());
    return !ids.empty();
  };
  const bool stands = address::Stands(seen.stage());
  const bool waits = seen.stage() == av1::ADDRESS_DUTY_STAGE_REQUESTED;
  hv1::AddressProtection protection = hv1::ADDRESS_PROTECTION_UNSPECIFIED;
  if (waits || others(kWaits)) {
    protection = hv1::ADDRESS_PROTECTION_PENDING;
  } else if ((stands && notice.names_mover()) || others(kSecures)) {
    protection = hv1::ADDRESS_PROTECTION_SECURED;
  }
  TellProtection(holder, seen.handover_id(), protection, context, decision);
}

bool HasAnother(const std::string& cpr_number, const std::string& municipality,
                const Lookup& lookup) {
  return !Below(OfKey(lookup.PersonKey(cpr_number), municipality, ""), lookup).empty();
}

std::vector<std::string> NoticesFor(const std::string& handover_id, const Lookup& lookup) {
  return Below(ForMove(kComes, handover_id, ""), lookup);
}
hv1::AddressProtection ProtectionOf(const std::string& handover_id, const Lookup& lookup) {
  if (!Below(ForMove(kWaits, handover_id, ""), lookup).empty()) {
    return hv1::ADDRESS_PROTECTION_PENDING;
  }
  return Below(ForMove(kSecures, handover_id, ""), lookup).empty()
             ? hv1::ADDRESS_PROTECTION_UNSPECIFIED
             : hv1::ADDRESS_PROTECTION_SECURED;
}

NoticePart NoticeEvents() {
  NoticePart part;
  part.After(&TakeGiven)
      .After(&TakeReport)
      .After(&TakeEnd)
      .Named(&KeysOf)
      .Obligations("address.overdue", &Owed);
  return part;
}

}  // namespace exitbus::police
