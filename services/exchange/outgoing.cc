#include "services/exchange/outgoing.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/account.h"
#include "services/exchange/answers.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/environment.h"
#include "services/exchange/hop_ids.h"
#include "services/exchange/instants.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/unaddressed.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/vault.h"
#include "services/exchange/working_days.h"
#include "services/policy/flows.h"
#include "services/policy/plan.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr int kSaltBytes = 32;
// Beside it in a letter: link, salt and envelope.
constexpr std::size_t kMessageBytesMax = kLetterBytesMax - 4096;

// Over which channel a notification goes, and what its recipient sees of it.
struct Sending {
  pv1::Channel channel;
  policy::Viewer viewer;
  std::uint32_t blind_mornings;  // as the flow's
};

// nullopt: the matrix says that it does not go.
std::optional<Sending> SendingOf(const Environment& environment, const Notification& notification,
                                 const DirectoryEntry& recipient) {
  const auto listed = environment.directory->Find(environment.self);
  const auto self = listed != nullptr ? listed : environment.self_at_start;
  const auto kind = recipient.kind;
  const auto flow = policy::FlowTo(*notification.message->GetDescriptor(), notification.from,
                                   self->kind, notification.to.relation, kind);
  if (!flow || !policy::MaySend(*flow, notification.to.satisfied)) return std::nullopt;
  return Sending{
      flow->channel(),
      policy::ViewerFor(*flow, notification.to.relation, kind, notification.to.satisfied),
      flow->blind_mornings()};
}

// How much later than now it leaves.
absl::Duration DelayOf(const Environment& environment, const Sending& sending, int recipient_kind) {
  if (!Unlinks(recipient_kind, sending.channel)) return absl::ZeroDuration();
  const absl::Time now = environment.wall_clock->Now();
  absl::Time time = now;
  if (sending.blind_mornings > 0 && environment.settings.blind_letters_daily) {
    time = NextMorning(
        now + RandomDelay(*environment.random, absl::Hours(24) * (sending.blind_mornings - 1)));
  }
  return time - now + RandomDelay(*environment.random, environment.settings.unlinking_delay_max);
}

// The message as this recipient may see it, in its envelope. A blind one says no time but the day
// on which it leaves.
v1::Body BodyFor(const Environment& environment, const Notification& notification,
                 const policy::Projection& projection, const Sending& sending, const Times& times) {
  v1::Body body = InEnvelope(notification, *projection.message, times);
  body.set_message_id(FreshUuid(*environment.random));
  if (sending.blind_mornings > 0) {
    RoundToDays(body);
  } else if (notification.to.relation != pv1::RELATION_ANY) {
    // What is about no case, a checkpoint, is told all alike.
    RoundInstants(body, sending.viewer.reader);
  }
  return body;
}

// Binds `content`; its place comes with NextLink.
v1::Link LinkOf(const Environment& environment, const CorrespondenceId& id,
                const v1::Content& content) {
  v1::Link link;
  link.set_sender(environment.self);
  link.set_recipient(id.peer);
  link.set_channel(static_cast<pv1::Channel>(id.channel));
  link.set_subject(id.subject);
  link.set_commitment(environment.crypto->Digest(content.salt() + content.body()));
  return link;
}

// What names no basis rests on the channel's law.
Notification OnLaw(const Environment& environment, Notification notification,
                   pv1::Channel channel) {
  if (notification.to.legal_basis == pv1::LEGAL_BASIS_UNSPECIFIED) {
    notification.to.legal_basis =
        LawOfLetter(environment.settings.laws, environment.self_at_start->kind, channel);
  }
  return notification;
}

store::v1::DisclosureRow AccountOf(const Notification& notification, const policy::Viewer& viewer,
                                   const policy::Projection& projection, std::uint64_t number,
                                   absl::Time now) {
  store::v1::DisclosureRow row;
  row.set_recipient(notification.to.authority);
  row.set_reader(viewer.reader);
  row.set_kind(notification.message->GetDescriptor()->full_name());
  row.set_number(number);
  row.set_document_id(StringField(*notification.message, kDocumentId));
  for (const pv1::Category category : projection.released) row.add_categories(category);
  for (const std::string& field : projection.released_fields) row.add_fields(field);
  row.set_legal_basis(notification.to.legal_basis);
  row.set_purpose(pv1::Purpose_Name(notification.to.purpose));
  *row.mutable_time() = ToProto(now);
  return row;
}

}  // namespace

std::string ScopeOfRow(const std::string& scope, const std::vector<pv1::Category>& told) {
  const bool of_a_person = std::any_of(told.begin(), told.end(), [](pv1::Category category) {
    return category != pv1::CATEGORY_CASE_ID && category != pv1::CATEGORY_CASE_STATE &&
           category != pv1::CATEGORY_POOL_APPLICATION && category != pv1::CATEGORY_ENVELOPE;
  });
  return of_a_person || scope == kClearScope ? scope : std::string(kAuthorityScope);
}

void SendNotification(UnitOfWork& work, const Aggregate& aggregate, const Loaded& loaded,
                      const Notification& notification, const Times& times) {
  const auto recipient = work.environment().directory->Find(notification.to.authority);
  if (!recipient || IsAwaited(work.transaction(), notification.to.authority)) {
    work.actions().awaits = true;
    return KeepUnaddressed(work, aggregate, loaded, notification, times);
  }
  Address(work, aggregate, loaded, *recipient, notification, times);
}

void Address(UnitOfWork& work, const Aggregate& aggregate, const Loaded& loaded,
             const DirectoryEntry& recipient, const Notification& decided, const Times& times) {
  const Environment& environment = work.environment();
  const auto sending = SendingOf(environment, decided, recipient);
  if (!sending) return;
  const Notification notification = OnLaw(environment, decided, sending->channel);
  const policy::Viewer& viewer = sending->viewer;
  const policy::Projection projection = policy::Project(*notification.message, viewer);

  v1::Content content;
  content.set_salt(environment.random->Bytes(kSaltBytes));
  const absl::Duration delay = DelayOf(environment, *sending, recipient.kind);
  const Times told =
      sending->blind_mornings > 0 ? Times{times.now + delay, times.now + delay} : times;
  content.set_body(
      BodyFor(environment, notification, projection, *sending, told).SerializeAsString());
  const CorrespondenceId id{sending->channel, notification.to.authority, notification.to.subject};
  store::v1::CorrespondenceOut out = OutOf(work.transaction(), id);
  store::v1::OutboxRow row;
  row.set_recipient(notification.to.authority);
  row.set_channel(sending->channel);
  row.set_link(
      NextLink(environment, work.transaction(), id, out, LinkOf(environment, id, content)));
  Keep(work.transaction(), id, out);
  row.set_scope(ScopeOfRow(loaded.scope, projection.released));
  OutboxKey place{id, out.last_number()};
  const std::string key = place.Encode();
  row.set_sealed_content(
      environment.vault->Encrypt(row.scope(), {Table::kOutbox, key}, content.SerializeAsString()));
  if (delay > absl::ZeroDuration()) {
    *row.mutable_not_before() = ToProto(environment.wall_clock->Now() + delay);
    row.set_blind_mornings(sending->blind_mornings);
  }
  row.set_aggregate(aggregate.name);
  row.set_id(loaded.id);
  row.set_legal_basis(notification.to.legal_basis);
  *row.mutable_notified() = ToProto(times.now);
  row.set_reader(viewer.reader);
  row.set_level(viewer.level);
  viewer.satisfied.AddTo(*row.mutable_satisfied());
  work.transaction().Put(Table::kOutbox, key, row.SerializeAsString());
  RecordDisclosure(work, aggregate, loaded,
                   AccountOf(notification, viewer, projection, place.number, times.now));
  environment.telemetry->Record(
      {HopId(environment, place), pv1::Channel_Name(row.channel()), "created", times.now, ""});
  work.actions().new_rows.push_back(std::move(place));
}

v1::Body InEnvelope(const Notification& notification, const Message& message, const Times& times) {
  v1::Body body;
  *body.mutable_registered() = ToProto(times.now);
  *body.mutable_valid_from() = ToProto(times.valid_from);
  body.set_legal_basis(notification.to.legal_basis);
  body.set_purpose(notification.to.purpose);
  const auto* kinds = v1::Body::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    if (kinds->field(i)->message_type() == message.GetDescriptor()) {
      v1::Body::GetReflection()->MutableMessage(&body, kinds->field(i))->CopyFrom(message);
      return body;
    }
  }
  ProgramFault("a message is no kind of Body", message.GetDescriptor()->full_name());
}

const Message* KindIn(const v1::Body& body) {
  const auto* reflection = v1::Body::GetReflection();
  const auto* kind =
      reflection->GetOneofFieldDescriptor(body, v1::Body::descriptor()->FindOneofByName("kind"));
  return kind == nullptr ? nullptr : &reflection->GetMessage(body, kind);
}

bool Fits(const Environment& environment, const Notification& notification) {
  if (notification.message->ByteSizeLong() <= kMessageBytesMax) return true;
  const auto recipient = environment.directory->Find(notification.to.authority);
  if (!recipient) return false;
  const auto sending = SendingOf(environment, notification, *recipient);
  return !sending ||
         policy::Project(*notification.message, sending->viewer).message->ByteSizeLong() <=
             kMessageBytesMax;
}

absl::Duration UnlinkingDelayMax(const Settings& settings, std::uint32_t blind_mornings) {
  constexpr absl::Duration kLongestDay = absl::Hours(25);
  return settings.unlinking_delay_max +
         (settings.blind_letters_daily ? kLongestDay * blind_mornings : absl::ZeroDuration());
}

bool Unlinks(int recipient_kind, int channel) {
  return recipient_kind == pv1::AUTHORITY_KIND_NEC || channel == pv1::CHANNEL_NEC ||
         channel == pv1::CHANNEL_RELOCATION;
}

}  // namespace exitbus::exchange
