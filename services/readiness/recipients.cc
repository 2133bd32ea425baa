// Whom to turn to for a purpose: made from the directory and from what each has published, each
// time it is asked.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/readiness/v1/readiness_service.pb.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/readiness/contacts.h"
#include "services/readiness/lists.h"

namespace exitbus::readiness {
namespace {

namespace pv1 = policy::v1;
using exchange::DecisionContext;
using exchange::DirectoryEntry;
using exchange::Message;

// It can be turned to now (CF-14).
bool IsThere(const v1::Contact& contact, absl::Time now) {
  return (!contact.has_from() || exchange::FromProto(contact.from()) <= now) &&
         (!contact.has_until() || now < exchange::FromProto(contact.until()));
}

// Of who is suspended nothing: whoever has an authority's key may have published a telephone of his
// own.
v1::ContactList ListOf(const std::string& authority, const DecisionContext& context) {
  const bool is_own = authority == context.self->id;
  const auto status = exchange::MembershipStatusOf(*context.directory, authority);
  if (!is_own && status != exchange::MembershipStatus::kInService) return {};
  const auto state = context.lookup->ReadableState(kLists, is_own ? OwnKey() : KeyOf(authority));
  if (state == nullptr) return {};
  v1::ContactList list = static_cast<const jv1::Readiness&>(*state).list();
  exchange::EraseFrom(*list.mutable_contacts(),
                      [&](const v1::Contact& contact) { return !IsThere(contact, context.now); });
  return list;
}

// Those for the purpose, of a list; whether there are any.
bool Take(const v1::ContactList& list, v1::ContactPurpose purpose, v1::ContactSource source,
          v1::Recipient& recipient) {
  const bool takes_all = purpose == v1::CONTACT_PURPOSE_UNSPECIFIED;
  for (const v1::Contact& contact : list.contacts()) {
    if (takes_all || contact.purpose() == purpose) *recipient.add_contacts() = contact;
  }
  if (recipient.contacts().empty()) return false;
  recipient.set_source(source);
  *recipient.mutable_published() = list.published();
  return true;
}

// One may turn to the police unit for every authority of its district about exit, and about nothing
// else: whoever asks for benefits has no business there.
bool IsAboutExit(v1::ContactPurpose purpose) {
  switch (purpose) {
    case v1::CONTACT_PURPOSE_UNSPECIFIED:
    case v1::CONTACT_PURPOSE_MAIN:
    case v1::CONTACT_PURPOSE_EXIT:
    case v1::CONTACT_PURPOSE_EXPERTISE:
    case v1::CONTACT_PURPOSE_CITIZENS:
    case v1::CONTACT_PURPOSE_JOINT_EXIT_UNIT:
      return true;
    default:
      return false;
  }
}

// What the police unit of its district lists; nothing of a police unit itself.
v1::ContactList ListOfDistrict(const DirectoryEntry& listed, const DecisionContext& context) {
  if (listed.district.empty()) return {};
  const std::string unit =
      exchange::TheOne(*context.directory, pv1::AUTHORITY_KIND_POLICE, listed.district);
  return unit.empty() || unit == listed.id ? v1::ContactList() : ListOf(unit, context);
}

void FindContacts(const DirectoryEntry& listed, v1::ContactPurpose purpose,
                  const DecisionContext& context, v1::Recipient& recipient) {
  const v1::ContactList own = ListOf(listed.id, context);
  if (Take(own, purpose, v1::CONTACT_SOURCE_LISTED, recipient)) return;
  const v1::ContactList units = ListOfDistrict(listed, context);
  // The district has one for all.
  if (purpose == v1::CONTACT_PURPOSE_JOINT_EXIT_UNIT &&
      Take(units, purpose, v1::CONTACT_SOURCE_DISTRICT_POLICE, recipient)) {
    return;
  }
  if (Take(own, v1::CONTACT_PURPOSE_MAIN, v1::CONTACT_SOURCE_MAIN, recipient)) return;
  if (!IsAboutExit(purpose)) return;
  if (Take(units, v1::CONTACT_PURPOSE_EXIT, v1::CONTACT_SOURCE_DISTRICT_POLICE, recipient)) return;
  Take(units, v1::CONTACT_PURPOSE_MAIN, v1::CONTACT_SOURCE_DISTRICT_POLICE, recipient);
}

v1::RecipientStanding StandingOf(const DirectoryEntry& listed) {
  switch (listed.status) {
    case directory::v1::AUTHORITY_STATUS_SUSPENDED:
      return v1::RECIPIENT_STANDING_SUSPENDED;
    case directory::v1::AUTHORITY_STATUS_REMOVED:
      return v1::RECIPIENT_STANDING_REMOVED;
    default:
      return v1::RECIPIENT_STANDING_IN_SERVICE;
  }
}

v1::Recipient RecipientOf(const DirectoryEntry& listed, v1::ContactPurpose purpose,
                          const DecisionContext& context) {
  v1::Recipient recipient;
  recipient.set_authority(listed.id);
  recipient.set_kind(listed.kind);
  recipient.set_name(listed.name);
  recipient.set_district(listed.district);
  recipient.set_standing(StandingOf(listed));
  if (recipient.standing() == v1::RECIPIENT_STANDING_REMOVED) {
    recipient.set_replaced_by(listed.replaced_by);
  } else {
    FindContacts(listed, purpose, context, recipient);
  }
  return recipient;
}

std::unique_ptr<Message> Validate(const jv1::Readiness&,
                                  const v1::ValidateRecipientRequest& request,
                                  const DecisionContext& context) {
  const auto listed = context.directory->Find(request.authority());
  if (listed == nullptr) return nullptr;
  return std::make_unique<v1::Recipient>(RecipientOf(*listed, request.purpose(), context));
}

bool IsAskedFor(const DirectoryEntry& listed, const v1::ListRecipientsRequest& request) {
  const bool is_of_kind =
      request.kind() == pv1::AUTHORITY_KIND_UNSPECIFIED || request.kind() == listed.kind;
  return is_of_kind && (request.district().empty() || request.district() == listed.district);
}

std::unique_ptr<Message> List(const jv1::Readiness&, const v1::ListRecipientsRequest& request,
                              const DecisionContext& context) {
  auto found = std::make_unique<v1::Recipients>();
  for (const auto& listed : context.directory->All()) {
    if (!IsAskedFor(*listed, request)) continue;
    v1::Recipient recipient = RecipientOf(*listed, request.purpose(), context);
    const bool is_wanted =
        recipient.standing() != v1::RECIPIENT_STANDING_REMOVED &&
        (!request.listed_only() || recipient.source() == v1::CONTACT_SOURCE_LISTED);
    if (is_wanted) *found->add_recipients() = std::move(recipient);
  }
  return found;
}

}  // namespace

std::vector<v1::Contact> ContactsFor(const std::string& authority, v1::ContactPurpose purpose,
                                     const DecisionContext& context) {
  v1::Recipient recipient;
  Take(ListOf(authority, context), purpose, v1::CONTACT_SOURCE_LISTED, recipient);
  return {recipient.contacts().begin(), recipient.contacts().end()};
}

ReadinessPart Recipients() {
  ReadinessPart part;
  part.Serve<v1::ValidateRecipientRequest>({.target = &Own, .view = &Validate})
      .Serve<v1::ListRecipientsRequest>({.target = &Own, .view = &List});
  return part;
}

}  // namespace exitbus::readiness
