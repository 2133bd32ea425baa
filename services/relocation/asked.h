// What the asked do alike, a municipality and another district's police unit: an inquiry comes
// under an id made for it, and is answered until who asked says that it has ended.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::relocation {

namespace v1 {
class RelocationAnswered;
}

// What a municipality keeps an inquiry as, by the aggregate's name and its key; the contact point
// finds a request by the same key.
inline constexpr char kInquiries[] = "inquiry";
std::string InquiryKey(std::string_view inquiry_id);

// `asker` is who has asked under this id before; empty: nobody.

// What is wrong with an answer; nullopt: it says what room there is, or why there is none. `now`:
// when it is given. Unset: it comes, in days; what has passed on its way does not count any more.
std::optional<exchange::Refusal> FaultIn(const v1::RelocationAnswered& answer,
                                         std::optional<absl::Time> now);

// What becomes of an inquiry that begins nothing; nullopt: it begins.
std::optional<exchange::Decision> BeginsNothing(std::string_view asker,
                                                const exchange::LetterPlace& place);
// What becomes of a withdrawal that ends nothing; nullopt: the inquiry ends, and what was received
// of it is destroyed. Letters about one inquiry come in their order, so that none overtakes it.
std::optional<exchange::Decision> EndsNothing(std::string_view asker, bool has_ended,
                                              const exchange::LetterPlace& place);

}  // namespace exitbus::relocation
