#include "tests/story/readiness_calls.h"

#include <utility>

#include "exitbus/readiness/v1/readiness_service.pb.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

namespace rv1 = readiness::v1;

constexpr std::string_view kReadiness = "exitbus.readiness.v1.ReadinessService.";

}  // namespace

absl::Status PublishContacts(Actor& at, rv1::ContactPurpose purpose, const std::string& unit) {
  rv1::PublishContactsRequest request;
  rv1::Contact& main = *request.add_contacts();
  main.set_purpose(rv1::CONTACT_PURPOSE_MAIN);
  main.set_unit("Borgerservice (opdigtet)");
  main.set_phone("70 00 00 00");
  rv1::Contact& contact = *request.add_contacts();
  contact.set_purpose(purpose);
  contact.set_unit(unit);
  contact.set_phone("70 00 00 01");
  return at.Change<rv1::ContactList>(In(kReadiness, "PublishContacts"), std::move(request))
      .status();
}

absl::StatusOr<Arrival<rv1::Recipient>> AwaitContact(Actor& at, const std::string& of,
                                                     rv1::ContactPurpose purpose,
                                                     absl::Time since) {
  rv1::ValidateRecipientRequest request;
  request.set_authority(of);
  request.set_purpose(purpose);
  return Await<rv1::Recipient>(
      [&] { return at.Ask<rv1::Recipient>(In(kReadiness, "ValidateRecipient"), request); }, since,
      at.id() + ": whom to turn to",
      [](const rv1::Recipient& seen) { return seen.source() == rv1::CONTACT_SOURCE_LISTED; });
}

}  // namespace exitbus::story
