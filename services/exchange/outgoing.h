// From a notification to an outbox row: the policy's row for it, the projection for its recipient,
// the next number in the correspondence, the account of the disclosure. All in the decision's
// transaction, so that what happened and who is told are one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "services/exchange/aggregate.h"

namespace exitbus::exchange::v1 {
class Body;
}

namespace exitbus::policy::v1 {
enum Category : int;
}

namespace exitbus::exchange {

class UnitOfWork;
struct Environment;
struct Settings;
struct DirectoryEntry;
struct Loaded;

// The largest letter of which a record can be made that every broker of ours takes: padded, sealed
// and with its headers it stays below 1 000 000 bytes, the least of what is set anywhere.
inline constexpr std::size_t kLetterBytesMax = 960 * 1024 - 64;

// Writes the rows of one notification. A pair of relations without a row in the policy, or whose
// conditions do not hold, is not sent: that is the matrix at work. What is for one whom the
// directory does not list waits until it does. What tells anything of a person lies under the scope
// that `loaded` has; what is told is true from `times.valid_from` on.
void SendNotification(UnitOfWork& work, const Aggregate& aggregate, const Loaded& loaded,
                      const Notification& notification, const Times& times);

// The same, for a recipient that is listed so.
void Address(UnitOfWork& work, const Aggregate& aggregate, const Loaded& loaded,
             const DirectoryEntry& recipient, const Notification& notification, const Times& times);

// Under which key a row lies that tells these, of what has this scope. What tells nothing of a
// person outlives the erasure of whom it is about: that a case has moved, or a handover ended, must
// be heard all the same; and an application to the pool names nobody, but its money is accounted
// for.
std::string ScopeOfRow(const std::string& scope, const std::vector<policy::v1::Category>& told);

// Whether it fits into a letter, as its recipient will see it. Asked of what a call has decided,
// before it is carried out; what a letter, a deadline or an order brings about is not asked.
bool Fits(const Environment& environment, const Notification& notification);

// Whether what goes to this kind of authority, or over this channel, leaves after a delay.
bool Unlinks(int recipient_kind, int channel);
// How far ahead it is set at most: a random delay of up to `unlinking_delay_max`, after one of so
// many mornings where it asks blindly, so that those who are asked for one person cannot see it by
// the time.
absl::Duration UnlinkingDelayMax(const Settings& settings, std::uint32_t blind_mornings);

// The message that a body carries; null: none.
const Message* KindIn(const v1::Body& body);
// The other way: `message`, which is what the notification tells or a part of it, with what stands
// beside it. One of no kind of Body's cannot be sent: a programmer error.
v1::Body InEnvelope(const Notification& notification, const Message& message, const Times& times);

}  // namespace exitbus::exchange
