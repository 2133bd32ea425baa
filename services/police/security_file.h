// A police unit's file on one candidate's security: how it is found and shown. Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exitbus/police_journal/v1/journal.pb.h"

namespace exitbus::police {

namespace jv1 = police_journal::v1;

// By what letters name the file: the unit's own id of the case, and those of its handovers.
std::vector<std::string> LetterKeysOf(const jv1::SecurityFile& file);
std::string LetterKey(std::string_view subject);
// "security/<security id>".
std::string SecurityKey(const std::string& security_id);

// The target of a request that names a file.
template <class Request>
std::string BySecurityId(const Request& request) {
  return SecurityKey(request.security_id());
}

// Whether its own people see it: not while there is nothing yet, or where it has erased.
bool IsShown(const jv1::SecurityFile& file);
// As they see it; null where it is not shown.
std::unique_ptr<google::protobuf::Message> View(const jv1::SecurityFile& file);

// Whether a course at the one stage has come further than at the other; and whether it is over.
bool IsFurther(casework::v1::CaseStage stage, casework::v1::CaseStage than);
bool IsOver(casework::v1::CaseStage stage);

// Who was told these precautions.
const std::string& RecipientOf(const jv1::PrecautionsSent& sent);
// The newest that this authority was told; null: none.
const jv1::PrecautionsSent* FindTold(const jv1::SecurityFile& file, std::string_view authority);

// The transfer with this handover id; the open one. Null: none.
const jv1::Transfer* FindTransfer(const jv1::SecurityFile& file, std::string_view handover_id);
const jv1::Transfer* OpenTransfer(const jv1::SecurityFile& file);
bool IsOpen(const jv1::Transfer& transfer);
// The one whose journey this unit follows: of whom nobody says where he is, before any other. Null:
// none.
const jv1::Transfer* FollowedTransfer(const jv1::SecurityFile& file);
// Who answers for the case, or did, as signed slips have told this unit, while it is or was in
// charge. One that was only asked never did.
bool HasAnswered(const jv1::SecurityFile& file, std::string_view authority);

}  // namespace exitbus::police
