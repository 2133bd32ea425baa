// What other subjects use of Kriminalforsorgen's part in a case that a municipality answers for.
// Internal to casework.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/erasure.h"

namespace google::protobuf {
class Timestamp;
}

namespace exitbus::casework {

// By whom the person is supervised; null: by nobody, as far as is known here.
const jv1::Supervision* RunningSupervision(const jv1::CaseFile& file);
// The same, of a unit that has been told who he is.
const jv1::Supervision* ToldSupervision(const jv1::CaseFile& file);
// That unit, on what it may be told now; nullopt: nothing may be told it now.
std::optional<exchange::Address> AddressOfToldUnit(const jv1::CaseFile& file,
                                                   const exchange::DecisionContext& context);
const jv1::Supervision* FindSupervision(const jv1::CaseFile& file, std::string_view supervision_id);

// Kriminalforsorgen has said that exit is a condition of parole (N-09).
bool IsConditionOfParole(const jv1::CaseFile& file);

// On what the unit may be told. Where exit is a condition of parole it always may, and never on a
// consent, which might be revoked.
std::optional<policy::v1::LegalBasis> BasisForSupervision(const jv1::CaseFile& file);

// Whatever was decided: the unit that supervises is told who it is once it may be, and from then on
// what becomes of the course; that another authority answers for the case; that it may be told no
// more.
void FollowSupervision(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                       exchange::Decision& decision);
// Likewise: whether a statement on the person's part is owed, and by when.
void FollowAttestation(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                       exchange::Decision& decision);

// Likewise: what becomes of the case beside its course.
void FollowMatters(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                   exchange::Decision& decision);

// What only the unit may write that supervises the person, while this authority answers for the
// case; nullopt: it is.
std::optional<exchange::Decision> NotOfWhoSupervises(const CaseLetter& letter);

// It runs no more: the event, and the unit told under the number of who it knows as in charge.
void EndSupervision(const jv1::CaseFile& file, const jv1::Supervision& running,
                    std::uint64_t number, const exchange::DecisionContext& context,
                    exchange::Decision& decision);

// What a dossier says of it becomes the file's own; and at who let the case go it runs no more,
// unless the unit has to be told so.
void TakeInSupervision(jv1::CaseFile& file, const hv1::DossierPart& part,
                       const google::protobuf::Timestamp& since);

// The unit has erased what it was told; nullopt: it is not about a supervision.
std::optional<exchange::Decision> ConfirmSupervisionErased(const CaseLetter& letter);
// Units that hold what they were told of this case: they erase it with the case.
std::vector<exchange::Recipient> WhoHoldsSupervision(const jv1::CaseFile& file);

void ShowSupervision(const jv1::CaseFile& file, cv1::Case& view);

}  // namespace exitbus::casework
