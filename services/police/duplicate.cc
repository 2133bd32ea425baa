// NEC has found a candidate in two active entries: the unit's file of that person shows it, the
// unit answers, and hears from NEC what the other one has answered. Neither learns which the other
// case is.
#include "services/police/duplicate.h"

#include <optional>
#include <string>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/police/security_file.h"

namespace exitbus::police {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

void Answer(const std::string& nec, const std::string& duplicate_id,
            nec::v1::DuplicateAnswer answer, Decision& decision) {
  nec::v1::DuplicateAnswered message;
  message.set_answer(answer);
  decision.Notify(policy::v1::RELATION_POLICE,
                  {nec,
                   policy::v1::RELATION_NEC_OVERVIEW,
                   duplicate_id,
                   {},
                   policy::v1::LEGAL_BASIS_UNSPECIFIED,
                   policy::v1::PURPOSE_NATIONAL_OVERVIEW},
                  message);
}

const jv1::Duplicate* Find(const jv1::SecurityFile& file, std::string_view duplicate_id) {
  return exchange::FindIn(file.duplicates(), [&](const jv1::Duplicate& duplicate) {
    return duplicate.seen().duplicate_id() == duplicate_id;
  });
}

v1::DuplicateNotice* Seen(jv1::SecurityFile& file, std::string_view duplicate_id) {
  const jv1::Duplicate* const found = Find(file, duplicate_id);
  return found == nullptr ? nullptr : const_cast<jv1::Duplicate*>(found)->mutable_seen();
}

// It may be answered whatever became of the case since: NEC waits for whom it has told.
Decision AnswerDuplicate(const jv1::SecurityFile& file, const v1::AnswerDuplicateRequest& request,
                         const DecisionContext&) {
  const jv1::Duplicate* const found = Find(file, request.duplicate_id());
  if (found == nullptr) {
    return Decision::Refuse("duplicate.unknown",
                            "NEC has asked nothing under this id about this file.");
  }
  if (request.answer() == nec::v1::DUPLICATE_ANSWER_UNSPECIFIED ||
      request.answer() == nec::v1::DUPLICATE_ANSWER_NO_FILE) {
    return Decision::Refuse(exchange::BadInput(
        "duplicate.answer_required", "Say whether it is the same person, or known already."));
  }
  if (request.answer() == found->seen().answer()) {
    return Decision::Refuse("duplicate.answered_so", "NEC has this answer.");
  }
  jv1::SecurityEvent event;
  event.mutable_duplicate_answer()->set_duplicate_id(request.duplicate_id());
  event.mutable_duplicate_answer()->set_answer(request.answer());
  Decision decision;
  decision.AddEvent(event);
  Answer(found->nec(), request.duplicate_id(), request.answer(), decision);
  return decision;
}

// The file was found by the person (FileOfPerson); none was: so the unit has none.
Decision OnFound(const SecurityLetter& letter, const nec::v1::DuplicatePersonFound& message) {
  const auto& [file, place, body, context] = letter;
  if (message.cpr_number().empty()) {
    return Decision::Refuse("duplicate.person_missing", "Say who is in two entries.");
  }
  if (Find(file, place.subject) != nullptr) return Decision::NoEffect("duplicate_known");
  Decision decision;
  if (file.security_id().empty()) {
    Answer(place.sender, place.subject, nec::v1::DUPLICATE_ANSWER_NO_FILE, decision);
    return decision;
  }
  jv1::SecurityEvent event;
  jv1::Duplicate& duplicate = *event.mutable_duplicate_learnt()->mutable_duplicate();
  duplicate.set_nec(place.sender);
  duplicate.mutable_seen()->set_duplicate_id(place.subject);
  *duplicate.mutable_seen()->mutable_told() = exchange::ToProto(context.now);
  *duplicate.mutable_seen()->mutable_due() = message.due();
  return decision.AddEvent(event);
}

Decision OnOtherAnswered(const SecurityLetter& letter, const nec::v1::DuplicateAnswered& message) {
  // It had no file, or has forgotten it: its store was put back.
  if (Find(letter.state, letter.place.subject) == nullptr) {
    return Decision::NoEffect("duplicate_unknown");
  }
  if (message.answer() == nec::v1::DUPLICATE_ANSWER_UNSPECIFIED) {
    return Decision::Refuse("duplicate.answer_required", "Say what the answer is.");
  }
  jv1::SecurityEvent event;
  event.mutable_other_answer()->set_duplicate_id(letter.place.subject);
  event.mutable_other_answer()->set_answer(message.answer());
  return Decision().AddEvent(event);
}

void Learn(jv1::SecurityFile& file, const jv1::DuplicateLearnt& learnt) {
  *file.add_duplicates() = learnt.duplicate();
}
void Note(jv1::SecurityFile& file, const jv1::DuplicateAnswer& answer) {
  if (auto* seen = Seen(file, answer.duplicate_id())) seen->set_answer(answer.answer());
}
void NoteOther(jv1::SecurityFile& file, const jv1::OtherAnswer& answer) {
  if (auto* seen = Seen(file, answer.duplicate_id())) seen->add_others(answer.answer());
}

// Of the person while the unit is in charge of the case: what another unit is in charge of, NEC
// tells that one.
std::vector<std::string> Names(const jv1::SecurityFile& file, const exchange::Lookup& lookup) {
  std::vector<std::string> names = DuplicateKeysOf(file);
  const std::string& cpr_number = file.person().cpr_number();
  if (file.standing() == v1::POLICE_STANDING_IN_CHARGE && !cpr_number.empty()) {
    names.push_back(
        exchange::PersonName{lookup.PersonKey(cpr_number), file.security_id()}.Encode());
  }
  return names;
}

}  // namespace

std::string DuplicateKey(const std::string& duplicate_id) {
  return exchange::KindName{"duplicate", duplicate_id}.Encode();
}

std::vector<std::string> DuplicateKeysOf(const jv1::SecurityFile& file) {
  std::vector<std::string> keys;
  for (const jv1::Duplicate& duplicate : file.duplicates()) {
    keys.push_back(DuplicateKey(duplicate.seen().duplicate_id()));
  }
  return keys;
}

std::optional<std::string> FileOfPerson(const exchange::v1::Body& body,
                                        const exchange::Lookup& lookup) {
  const std::string& cpr_number = body.duplicate_person_found().cpr_number();
  if (cpr_number.empty()) return std::nullopt;
  const exchange::PersonName person{lookup.PersonKey(cpr_number), ""};
  const auto ids = lookup.NamesBelow(exchange::IndexKey{kFiles, person.Encode()}.Encode());
  return ids.empty() ? std::nullopt : std::optional(SecurityKey(ids.front()));
}

void EndDuplicates(const jv1::SecurityFile& file, Decision& decision) {
  for (const jv1::Duplicate& duplicate : file.duplicates()) {
    if (duplicate.seen().answer() != nec::v1::DUPLICATE_ANSWER_UNSPECIFIED) continue;
    Answer(duplicate.nec(), duplicate.seen().duplicate_id(), nec::v1::DUPLICATE_ANSWER_NO_FILE,
           decision);
  }
}

SecurityPart Duplicates() {
  SecurityPart part;
  part.Serve<v1::AnswerDuplicateRequest>(
          {.target = &BySecurityId, .decide = &AnswerDuplicate, .view = &View})
      .On(&OnFound)
      .On(&OnOtherAnswered)
      .After(&Learn)
      .After(&Note)
      .After(&NoteOther)
      .Named(&Names);
  return part;
}

}  // namespace exitbus::police
