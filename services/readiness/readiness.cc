#include "services/readiness/readiness.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/policy/v1/basis.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/readiness/v1/readiness_service.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/readiness/lists.h"

namespace exitbus::readiness {
namespace {

namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::KindName;
using exchange::Message;
using exchange::ToProto;
using Contacts = google::protobuf::RepeatedPtrField<v1::Contact>;

constexpr char kOwn[] = "own";
constexpr char kLook[] = "look";
constexpr char kSubject[] = "readiness";
constexpr absl::Duration kAnew = absl::Hours(7 * 24);

std::unique_ptr<Message> ListView(const jv1::Readiness& own) {
  return std::make_unique<v1::ContactList>(own.list());
}

std::optional<exchange::Refusal> RefuseContact(const v1::Contact& contact) {
  if (contact.purpose() == v1::CONTACT_PURPOSE_UNSPECIFIED) {
    return BadInput("readiness.purpose_required", "Say of each contact what it is for.");
  }
  if (contact.unit().empty()) {
    return BadInput("readiness.unit_required", "Say of each contact which unit it is.");
  }
  if (contact.phone().empty() && contact.mailbox().empty()) {
    return BadInput("readiness.not_reachable",
                    "Give each contact a telephone, a mailbox for personal data, or both.");
  }
  const bool is_on_duty = !contact.phone().empty() && contact.round_the_clock();
  if (contact.purpose() == v1::CONTACT_PURPOSE_PRECAUTIONS && !is_on_duty) {
    return BadInput("readiness.not_round_the_clock",
                    "Precautions are taken round the clock: give a telephone that always answers.");
  }
  if (contact.has_from() && contact.has_until() &&
      FromProto(contact.until()) <= FromProto(contact.from())) {
    return BadInput("readiness.ends_before_it_begins",
                    "A unit can be turned to from a day on, until a later one.");
  }
  return std::nullopt;
}

std::optional<exchange::Refusal> RefuseContacts(const Contacts& contacts) {
  for (const v1::Contact& contact : contacts) {
    if (auto refused = RefuseContact(contact)) return refused;
  }
  const bool has_main = absl::c_any_of(contacts, [](const v1::Contact& contact) {
    return contact.purpose() == v1::CONTACT_PURPOSE_MAIN;
  });
  if (has_main) return std::nullopt;
  return BadInput("readiness.main_required",
                  "List a main contact: it finds the right one for whatever is not listed.");
}

void Tell(const std::string& authority, const v1::ContactList& list, Decision& decision) {
  v1::ReadinessPublished message;
  *message.mutable_contacts() = list.contacts();
  *message.mutable_published() = list.published();
  decision.Notify(pv1::RELATION_ANY,
                  {authority,
                   pv1::RELATION_ANY,
                   kSubject,
                   {},
                   pv1::LEGAL_BASIS_OTHER_LAW,
                   pv1::PURPOSE_EXIT_SUPPORT},
                  message);
}

// Who is gone for good is told nothing; what is meant for who is suspended waits.
std::vector<std::string> Others(const DecisionContext& context) {
  std::vector<std::string> others;
  for (const auto& listed : context.directory->All()) {
    const bool is_gone = listed->status == directory::v1::AUTHORITY_STATUS_REMOVED;
    if (!is_gone && listed->id != context.self->id) others.push_back(listed->id);
  }
  return others;
}

// All are told, also of what was published so before: another may have spoken in our name since.
Decision Publish(const jv1::Readiness&, const v1::PublishContactsRequest& request,
                 const DecisionContext& context) {
  if (auto refused = RefuseContacts(request.contacts())) {
    return Decision::Refuse(*std::move(refused));
  }
  jv1::ReadinessEvent event;
  v1::ContactList& list = *event.mutable_contacts_published()->mutable_list();
  *list.mutable_contacts() = request.contacts();
  *list.mutable_published() = ToProto(context.now);
  Decision decision;
  decision.AddEvent(event);
  for (const std::string& other : Others(context)) Tell(other, list, decision);
  return decision;
}

// Whoever was never written to has joined since. Once a week all are told anew: a store may have
// been put back to before, or have refused what it did not know yet.
Decision LookAround(const jv1::Readiness& own, std::string_view, const DecisionContext& context) {
  if (own.has_next_look() && FromProto(own.next_look()) > context.now) {
    return Decision::NoEffect("look_not_due");
  }
  jv1::ReadinessEvent event;
  *event.mutable_looked_around()->mutable_next_look() = ToProto(exchange::NextMorning(context.now));
  const bool tells_all = own.has_told_all() && FromProto(own.told_all()) + kAnew <= context.now;
  if (tells_all) *event.mutable_looked_around()->mutable_told_all() = ToProto(context.now);
  Decision decision;
  decision.AddEvent(event);
  if (!own.list().has_published()) return decision;
  for (const std::string& other : Others(context)) {
    const auto told = context.lookup->ProgressWith(other, pv1::CHANNEL_DIRECTORY, kSubject);
    if (tells_all || told.sent == 0) Tell(other, own.list(), decision);
  }
  return decision;
}

// By whom it is said is by whose key it is signed: nobody speaks for another.
Decision OnPublished(const exchange::Letter<jv1::Readiness>& letter,
                     const v1::ReadinessPublished& message) {
  if (auto refused = RefuseContacts(message.contacts()))
    return Decision::Refuse(*std::move(refused));
  v1::ContactList list;
  *list.mutable_contacts() = message.contacts();
  *list.mutable_published() = ToProto(std::min(FromProto(message.published()), letter.context.now));
  // Once a week all are told anew.
  if (letter.state.list().SerializeAsString() == list.SerializeAsString()) {
    return Decision::NoEffect("contacts_known");
  }
  jv1::ReadinessEvent event;
  event.mutable_contacts_learnt()->set_authority(letter.place.sender);
  *event.mutable_contacts_learnt()->mutable_list() = list;
  return Decision().AddEvent(event);
}

void EvolvePublished(jv1::Readiness& own, const jv1::ContactsPublished& published) {
  *own.mutable_list() = published.list();
  *own.mutable_told_all() = published.list().published();
}
void EvolveLearnt(jv1::Readiness& others, const jv1::ContactsLearnt& learnt) {
  others.set_authority(learnt.authority());
  *others.mutable_list() = learnt.list();
}
void EvolveLooked(jv1::Readiness& own, const jv1::LookedAround& looked) {
  *own.mutable_next_look() = looked.next_look();
  if (looked.has_told_all()) *own.mutable_told_all() = looked.told_all();
}

std::vector<exchange::Deadline> NextOf(const jv1::Readiness& readiness) {
  if (!readiness.has_next_look()) return {};
  return {{"", FromProto(readiness.next_look())}};
}

// What has not begun has no name yet.
std::vector<std::string> KeysOf(const jv1::Readiness& readiness, const exchange::Lookup&) {
  if (!readiness.authority().empty()) return {KeyOf(readiness.authority())};
  if (!readiness.has_next_look()) return {};
  return {OwnKey()};
}

ReadinessPart Published() {
  ReadinessPart part;
  part.On(&OnPublished)
      .After(&EvolvePublished)
      .After(&EvolveLearnt)
      .After(&EvolveLooked)
      .Named(&KeysOf)
      .Due(kLook, &NextOf, &LookAround)
      .Serve<v1::PublishContactsRequest>({.target = &Own, .decide = &Publish, .view = &ListView})
      .Serve<v1::GetPublishedContactsRequest>({.target = &Own, .view = &ListView});
  return part;
}

}  // namespace

std::string OwnKey() { return KindName{"own", "contacts"}.Encode(); }
std::string KeyOf(const std::string& authority) { return KindName{"contacts", authority}.Encode(); }

exchange::Aggregate ReadinessLists() {
  exchange::Aggregate lists = exchange::Compose<jv1::Readiness, jv1::ReadinessEvent>(
      kLists, {Published(), Recipients()},
      [](const exchange::LetterPlace& place) { return KeyOf(place.sender); });
  lists.singleton = {kOwn, KindName{kLook, ""}.Encode()};
  // It is about no person: everybody inside sees it.
  lists.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader};
  };
  return lists;
}

}  // namespace exitbus::readiness
