#include "services/police/security_files.h"

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/search.h"
#include "services/police/duplicate.h"
#include "services/police/parts.h"
#include "services/police/relocation.h"
#include "services/police/security_decider.h"
#include "services/police/security_file.h"
#include "services/police/stay.h"
#include "services/pool/application.h"
#include "services/relocation/request.h"

namespace exitbus::police {
namespace {

using exchange::LetterPlace;
using exchange::Message;
using exchange::Needs;

std::unique_ptr<Message> ListView(const jv1::SecurityFile& file, std::string_view,
                                  const v1::ListSecurityFilesRequest& asked) {
  const bool left_out =
      asked.standing() != v1::POLICE_STANDING_UNSPECIFIED && asked.standing() != file.standing();
  return left_out ? nullptr : View(file);
}

// By the person, wherever the file is shown.
std::vector<std::string> FoundNames(const jv1::SecurityFile& file, const exchange::Lookup& lookup) {
  if (!IsShown(file)) return {};
  return exchange::FoundBy({file.person().cpr_number(), file.person().name()}, file.security_id(),
                           lookup);
}

std::unique_ptr<Message> FoundView(const jv1::SecurityFile& file, std::string_view,
                                   const v1::FindSecurityFilesRequest&) {
  return View(file);
}

std::string AccountKey(const jv1::SecurityFile& file) {
  return file.security_id().empty() ? "" : SecurityKey(file.security_id());
}

void Conclude(const jv1::SecurityFile& before, const exchange::DecisionContext& context,
              exchange::Decision& decision) {
  EndUnsafePlacement(before, context, decision);
  FollowJourney(before, context, decision);
  FollowAddress(before, context, decision);
  FollowStays(before, context, decision);
  FollowPlaceChecks(before, context, decision);
}

// A handover is about the case this unit has a file on; everything else names the file itself.
LetterPlace AboutTheFile(LetterPlace place, const exchange::v1::Body& body) {
  const std::string& named = body.handover_requested().security_id();
  if (!named.empty()) place.subject = named;
  return place;
}

// NEC knows nothing of it but that the person is in two entries; the contact point, but requests
// for relocation and, with urgent priority, applications to the pool.
std::string KeyOfLetter(const LetterPlace& place) {
  if (place.channel == policy::v1::CHANNEL_NEC) return DuplicateKey(place.subject);
  if (place.sender_kind != policy::v1::AUTHORITY_KIND_CONTACT_POINT) {
    return LetterKey(place.subject);
  }
  return place.channel == policy::v1::CHANNEL_SECURITY ? pool::PoolKey(place.subject)
                                                       : relocation::Key(place.subject);
}

std::vector<SecurityPart> Parts() {
  return {SecurityLetters(),
          SecurityEvents(),
          SecurityMethods(),
          TransferLetters(),
          TransferEvents(),
          RelocationMethods(),
          RelocationLetters(),
          RelocationPlaces(),
          RelocationDecisions(),
          Journeys(),
          Addresses(),
          StayMethods(),
          StayLetters(),
          StayEvents(),
          StayMoney(),
          ConflictsAsked(),
          Duplicates(),
          ConsentAndCorrections(),
          Programme(),
          WeeklyReports(),
          NecStatus(),
          PlaceChecks(),
          Released(),
          Meetings(),
          Phoned(),
          Erasure()};
}

}  // namespace

// A security picture moves no responsibility: it may always be changed.
SecurityPart SecurityMethods() {
  SecurityPart part;
  part.Serve<v1::DeliverAssessmentRequest>({.target = &BySecurityId,
                                            .decide = &DeliverAssessment,
                                            .view = &View,
                                            .needs = Needs::kNothing})
      .Serve<v1::TransferAssessmentRequest>({.target = &BySecurityId,
                                             .decide = &TransferAssessment,
                                             .view = &View,
                                             .needs = Needs::kNothing})
      .Serve<v1::GetSecurityFileRequest>({.target = &BySecurityId, .view = &View})
      .List<v1::ListSecurityFilesRequest>(
          {.prefix = SecurityKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchSecurityFilesRequest::descriptor())})
      .List<v1::FindSecurityFilesRequest>(
          {.prefix = SecurityKey(""),
           .view = &FoundView,
           .search = exchange::ByPerson<v1::FindSecurityFilesRequest>()})
      .Named(&FoundNames)
      .Account<v1::GetAccountRequest>(&BySecurityId);
  return part;
}

std::shared_ptr<const jv1::SecurityFile> After(const jv1::SecurityFile& file,
                                               const exchange::Decision& decided) {
  static const auto* const files = new exchange::Aggregate(SecurityFiles());
  return std::static_pointer_cast<const jv1::SecurityFile>(decided.After(file, files->evolve));
}

exchange::Aggregate SecurityFiles() {
  exchange::Aggregate files =
      exchange::Compose<jv1::SecurityFile, jv1::SecurityEvent>(kFiles, Parts(), &KeyOfLetter);
  files.letter_target = [of = files.letter_target](
                            const LetterPlace& place,
                            const exchange::v1::Body& body) -> std::optional<std::string> {
    // Between units of two districts: what this one asked, and what it was asked (conflict.h).
    if (body.has_conflict_answered()) return ConflictKey(place.subject);
    if (body.has_stay_answered()) return HostKey(place.subject);
    if (body.has_relocation_withdrawn() && place.sender_kind == policy::v1::AUTHORITY_KIND_POLICE) {
      return std::nullopt;
    }
    return of(AboutTheFile(place, body), body);
  };
  files.letter_person = &FileOfPerson;
  // The unit reads what it wrote, or what another unit handed to it as police.
  files.visibility = [](const Message&, policy::v1::Reader reader,
                        const exchange::DecisionContext&) {
    return exchange::Visibility{
        reader, {policy::v1::CONDITION_OWN_PART, policy::v1::CONDITION_SECURITY_TRANSFERRED}};
  };
  files.account_key = exchange::OfState(&AccountKey);
  files.conclude = exchange::OfState(&Conclude);
  files.still_asked = [](const Message& state, std::string_view subject,
                         const exchange::v1::Body& body) {
    return !body.has_conflict_inquiry() ||
           AsksConflict(static_cast<const jv1::SecurityFile&>(state), subject);
  };
  return files;
}

}  // namespace exitbus::police
