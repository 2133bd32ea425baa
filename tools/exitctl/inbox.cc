#include "tools/exitctl/inbox.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/grpc/grpc_client.h"
#include "exitbus/address/v1/notice_service.pb.h"
#include "exitbus/address/v1/register_service.pb.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/hosted_stay_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/police/v1/stay_service.pb.h"
#include "exitbus/pool/v1/pool_service.pb.h"
#include "exitbus/referral/v1/received_referral_service.pb.h"
#include "exitbus/referral/v1/referral_service.pb.h"
#include "exitbus/relocation/v1/conflict_service.pb.h"
#include "exitbus/relocation/v1/inquiry_service.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "tools/exitctl/follow.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/rendering.h"

namespace exitbus::exitctl {
namespace {

namespace cv1 = casework::v1;
namespace plv1 = police::v1;
using google::protobuf::Message;
using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

// When what waits for this authority was or is due; before all that is not, what may cost a life.
struct Urgency {
  Urgency(Timestamp due, bool of_life = false)  // NOLINT: when, where that is all
      : of_life(of_life), due(std::move(due)) {}
  bool of_life;
  Timestamp due;
};

bool operator<(const Urgency& a, const Urgency& b) {
  return a.of_life != b.of_life ? a.of_life : a.due < b.due;
}

// nullopt: nothing waits.
using Due = std::optional<Urgency>;

Due Sooner(const Due& due, const Urgency& other) { return !due || other < *due ? Due(other) : due; }

// Of precautions that nobody here has read yet, those of who is threatened first.
Due DueOf(const cv1::SecurityPicture& told) {
  if (told.version() == 0 || !told.acknowledged_by().empty()) return std::nullopt;
  return Urgency(told.due(), told.threat_level() == cv1::THREAT_LEVEL_HIGH);
}

// What has no day comes after all that has one. Precautions are judged by who is threatened, and
// handovers stand in a list of their own; a measure that runs, a follow-up and a look at the
// course wait until they are late.
Due DueOf(const cv1::NextAct& act) {
  switch (act.kind()) {
    case cv1::NEXT_ACT_KIND_READ_PRECAUTIONS:
    case cv1::NEXT_ACT_KIND_ACT_ON_HANDOVER:
      return std::nullopt;
    case cv1::NEXT_ACT_KIND_END_MEASURE:
    case cv1::NEXT_ACT_KIND_RECORD_FOLLOW_UP:
    case cv1::NEXT_ACT_KIND_REVIEW_COURSE:
      return act.overdue() ? Due(act.due()) : std::nullopt;
    default:
      return Urgency(act.has_due() ? act.due()
                                   : TimeUtil::SecondsToTimestamp(TimeUtil::kTimestampMaxSeconds));
  }
}

// A weekly report that has not come, or not gone: whoever notices it phones.
Due DueOf(const cv1::WeeklyReports& view) {
  return view.missing().empty() ? std::nullopt : Due(Timestamp());
}

Due DueOf(const cv1::Case& view) {
  Due due;
  if (view.standing() == cv1::STANDING_RESPONSIBLE) {
    due = DueOf(view.weekly_reports());
    if (const Due unread = DueOf(view.security())) due = Sooner(due, *unread);
  }
  for (const cv1::NextAct& act : view.next_acts()) {
    if (const Due waits = DueOf(act)) due = Sooner(due, *waits);
  }
  return due;
}

// Who is missing comes before everything else, at whomever that concerns; who is on his way waits
// for the receiver, and to come back for the holder.
Due DueOf(const relocation::v1::Journey& view, handover::v1::Side side) {
  if (view.overdue()) return Urgency(Timestamp(), true);
  const auto ours = side == handover::v1::SIDE_HOLDER ? relocation::v1::JOURNEY_STAGE_TO_COME_BACK
                                                      : relocation::v1::JOURNEY_STAGE_UNDER_WAY;
  return view.stage() == ours ? Due(view.due()) : std::nullopt;
}

// The receiver reads what its own police tell until the take-over; then they are the case's.
Due DueOf(const handover::v1::Handover& view) {
  Due due = DueOf(view.journey(), view.side());
  if (const Due unread = DueOf(view.security())) due = Sooner(due, *unread);
  const auto& acceptance = view.acceptance();
  if (acceptance.has_due() && !acceptance.confirmed_here()) due = Sooner(due, acceptance.due());
  if (view.waiting_for() != view.side()) return due;
  return Sooner(due, view.escalated() ? Timestamp() : view.due());
}

// Whoever was told of a person in two entries answers, also where the case has moved on.
Due DueOf(const plv1::SecurityFile& view) {
  if (view.journey().overdue()) return Urgency(Timestamp(), true);
  Due due;
  // Who has not read them within the hour is phoned.
  for (const plv1::PrecautionsRecipient& recipient : view.precautions_recipients()) {
    const bool threatened = view.assessment().threat_level() == cv1::THREAT_LEVEL_HIGH;
    if (recipient.overdue()) due = Sooner(due, {recipient.due(), threatened});
  }
  for (const plv1::DuplicateNotice& notice : view.duplicates()) {
    if (notice.answer() == nec::v1::DUPLICATE_ANSWER_UNSPECIFIED) due = Sooner(due, notice.due());
  }
  if (view.standing() != plv1::POLICE_STANDING_IN_CHARGE) return due;
  if (const Due unsent = DueOf(view.weekly_reports())) due = Sooner(due, *unsent);
  if (view.nec_inquiry().has_due()) due = Sooner(due, view.nec_inquiry().due());
  return view.has_assessment() ? due : Due(Timestamp());
}

Due DueOf(const contact_point::v1::MonitoredHandover& view) {
  if (view.escalations().empty()) return std::nullopt;
  const auto& last = view.escalations(view.escalations_size() - 1);
  return last.has_answered() ? std::nullopt : Due(last.due());
}

Due DueOf(const relocation::v1::Relocation& view) {
  if (!view.waits_for_us()) return std::nullopt;
  Due due = view.has_due() ? Due(view.due()) : std::nullopt;
  for (const auto& place : view.places()) {
    if (place.has_due()) due = Sooner(due, place.due());
  }
  return due;
}

Due DueOf(const relocation::v1::MunicipalityInquiry& view) {
  return view.has_due() ? Due(view.due()) : std::nullopt;
}

Due DueOf(const relocation::v1::AskedConflict& view) {
  return view.has_due() ? Due(view.due()) : std::nullopt;
}

// Of what was paid the applicant owes an account; all else is the contact point's.
Due DueOf(const pool::v1::PoolApplication& view, bool at_the_desk) {
  const bool of_the_applicant = view.stage() == pool::v1::POOL_STAGE_PAID;
  return view.has_due() && of_the_applicant != at_the_desk ? Due(view.due()) : std::nullopt;
}
Due AtTheApplicant(const pool::v1::PoolApplication& view) { return DueOf(view, false); }
Due AtTheDesk(const pool::v1::PoolApplication& view) { return DueOf(view, true); }

// A day before it ends, as long as nobody has decided what comes after it; an answer that has not
// come, an account that is owed.
Due DueOf(const plv1::Stay& view) {
  Due due = view.has_due() ? Due(view.due() - TimeUtil::HoursToDuration(24)) : std::nullopt;
  const bool at_once = view.answer() == relocation::v1::PLACE_SAFETY_NOT_POSSIBLE ||
                       view.stage() == casework::v1::STAY_STAGE_REQUESTED;
  if (view.has_due() && at_once) due = view.due();
  if (view.answer_overdue()) due = Sooner(due, view.answer_due());
  for (const auto& application : view.applications()) {
    if (const Due owed = AtTheApplicant(application)) due = Sooner(due, *owed);
  }
  return due;
}

// That the person is brought back is the other unit's business, until it is late.
Due DueOf(const plv1::HostedStay& view) {
  const bool unread = view.answer() == relocation::v1::PLACE_SAFETY_ASKED;
  return view.has_due() && (unread || view.overdue()) ? Due(view.due()) : std::nullopt;
}

// The register's next act is the unit's business when it is late.
Due DueOf(const address::v1::AddressNotice& view) {
  const bool ours = view.stage() == address::v1::ADDRESS_DUTY_STAGE_MOVED_AWAY ||
                    view.stage() == address::v1::ADDRESS_DUTY_STAGE_ENDED_BY_PERSON;
  return view.has_due() && (ours || view.overdue()) ? Due(view.due()) : std::nullopt;
}

// Who lives there as he is registered has the protection to be renewed, which waits for its time.
Due DueOf(const address::v1::AddressDuty& view) {
  const bool rests =
      !view.has_moves_on() && (view.stage() == address::v1::ADDRESS_DUTY_STAGE_REGISTERED ||
                               view.stage() == address::v1::ADDRESS_DUTY_STAGE_MOVED);
  return view.has_due() && (!rests || view.overdue()) ? Due(view.due()) : std::nullopt;
}

// The answer is the municipality's business until it is late.
Due DueOf(const referral::v1::ReceivedReferral& view) {
  return view.has_due() ? Due(view.due()) : std::nullopt;
}
Due DueOf(const referral::v1::SentReferral& view) {
  return view.has_due() && view.overdue() ? Due(view.due()) : std::nullopt;
}

struct Waiting {
  Urgency due;
  std::unique_ptr<Message> view;
};

// Keeps in `waiting`, by id, what the watch says of it. Returns whether there is more.
template <class View>
bool Take(const Message& message, Due (*due_of)(const View&),
          std::map<std::string, Waiting>& waiting) {
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
  if (const Due due = due_of(view)) {
    waiting.insert_or_assign(id, Waiting{*due, std::make_unique<View>(view)});
  }
  return true;
}

// One kind of thing that may wait for an authority.
using Answer = absl::StatusOr<std::unique_ptr<Message>>;
using Kind = std::function<Answer(adapters::GrpcClient&, const Profile&, Terminal)>;

// Watches, and answers as the list would, with what waits. UNIMPLEMENTED: this kind of authority
// has no such things; PERMISSION_DENIED: they are not this function's.
template <class View>
Kind Waiters(const std::string& service, const std::string& plural,
             Due (*due_of)(const View&) = &DueOf) {
  return [=](adapters::GrpcClient& client, const Profile& profile, Terminal terminal) -> Answer {
    std::map<std::string, Waiting> waiting;
    const absl::Status ended = Follow(
        client, MethodNamed(absl::StrCat(service, ".Watch", plural)), profile, {},
        [&](const Message& message) { return Take<View>(message, due_of, waiting); }, terminal);
    if (!ended.ok()) return ended;
    std::vector<Waiting> inbox;
    for (auto& [id, one] : waiting) inbox.push_back(std::move(one));
    std::stable_sort(inbox.begin(), inbox.end(),
                     [](const Waiting& a, const Waiting& b) { return a.due < b.due; });
    std::unique_ptr<Message> answer =
        NewMessage(*MethodNamed(absl::StrCat(service, ".List", plural)).output_type());
    for (const Waiting& one : inbox) {
      answer->GetReflection()
          ->AddMessage(answer.get(), answer->GetDescriptor()->field(0))
          ->CopyFrom(*one.view);
    }
    return answer;
  };
}

const std::vector<Kind>& Kinds() {
  static const auto* const all = new std::vector<Kind>{
      Waiters<cv1::Case>("exitbus.casework.v1.CaseService", "Cases"),
      Waiters<handover::v1::Handover>("exitbus.handover.v1.HandoverService", "Handovers"),
      Waiters<plv1::Stay>("exitbus.police.v1.StayService", "Stays"),
      Waiters<plv1::HostedStay>("exitbus.police.v1.HostedStayService", "HostedStays"),
      Waiters<plv1::SecurityFile>("exitbus.police.v1.SecurityService", "SecurityFiles"),
      Waiters<contact_point::v1::MonitoredHandover>("exitbus.contact_point.v1.HandoverDeskService",
                                                    "MonitoredHandovers"),
      Waiters<relocation::v1::Relocation>("exitbus.relocation.v1.RelocationService", "Relocations"),
      Waiters<relocation::v1::MunicipalityInquiry>("exitbus.relocation.v1.RelocationInquiryService",
                                                   "MunicipalityInquiries"),
      Waiters<relocation::v1::AskedConflict>("exitbus.relocation.v1.ConflictInquiryService",
                                             "AskedConflicts"),
      Waiters<address::v1::AddressNotice>("exitbus.address.v1.AddressNoticeService",
                                          "AddressNotices"),
      Waiters<address::v1::AddressDuty>("exitbus.address.v1.PopulationRegisterService",
                                        "AddressDuties"),
      Waiters<referral::v1::ReceivedReferral>("exitbus.referral.v1.ReceivedReferralService",
                                              "ReceivedReferrals"),
      Waiters<referral::v1::SentReferral>("exitbus.referral.v1.ReferralService", "SentReferrals"),
      Waiters<pool::v1::PoolApplication>("exitbus.pool.v1.PoolService", "PoolApplications",
                                         &AtTheApplicant),
      Waiters<pool::v1::PoolApplication>("exitbus.contact_point.v1.PoolDeskService",
                                         "PoolApplications", &AtTheDesk)};
  return *all;
}

bool IsEmpty(const Message& list) {
  return list.GetReflection()->FieldSize(list, list.GetDescriptor()->field(0)) == 0;
}

}  // namespace

int PrintInbox(adapters::GrpcClient& client, const Profile& profile, Form form, Terminal terminal) {
  absl::Status served = absl::UnimplementedError("");
  bool any = false;
  for (const Kind& kind : Kinds()) {
    const Answer waits = kind(client, profile, terminal);
    if (absl::IsUnimplemented(waits.status()) || absl::IsPermissionDenied(waits.status())) {
      if (!served.ok()) served = waits.status();
      continue;
    }
    if (!waits.ok()) return PrintFailure(waits.status(), terminal);
    served = absl::OkStatus();
    if (IsEmpty(**waits)) continue;
    any = true;
    terminal.out << (form == Form::kJson ? AsJson(**waits) : AsText(**waits)) << std::flush;
  }
  if (!served.ok()) return PrintFailure(served, terminal);
  if (!any) terminal.out << (form == Form::kJson ? "{}\n" : "none\n") << std::flush;
  return kDone;
}

}  // namespace exitbus::exitctl
