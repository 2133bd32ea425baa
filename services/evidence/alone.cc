#include "services/evidence/alone.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "exitbus/evidence_journal/v1/journal.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/ports/crypto.h"

namespace exitbus::evidence {
namespace {

constexpr char kRestore[] =
    "; stop its service, keep the store as it is, and look who could write to it";

std::vector<std::uint64_t> Range(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = first; number <= last; ++number) numbers.push_back(number);
  return numbers;
}

void CheckJournal(const v1::EvidenceFile& file, Findings& findings) {
  const std::string whose = absl::StrCat(file.authority(), ": the journal: ");
  std::uint64_t last = 0;
  std::string digest;
  for (const v1::JournalLink& link : file.journal()) {
    if (link.sequence() > last + 1) {
      findings.Fault(absl::StrCat(whose, NumbersText(Range(last + 1, link.sequence() - 1)),
                                  link.sequence() == last + 2 ? " is" : " are", " missing",
                                  kRestore));
    } else if (link.previous_digest() != digest) {
      findings.Fault(absl::StrCat(whose, "number ", last, " is not the entry that number ",
                                  link.sequence(), " follows: it was altered", kRestore));
    }
    last = link.sequence();
    digest = link.digest();
  }
  const std::uint64_t head = file.head().sequence();
  if (head > last) {
    findings.Fault(absl::StrCat(whose, NumbersText(Range(last + 1, head)),
                                head == last + 1 ? " is" : " are", " missing: its end was cut",
                                kRestore));
  } else if (head < last) {
    findings.Fault(
        absl::StrCat(whose, "goes on after number ", head, ", where it says it ends", kRestore));
  } else if (digest != file.head().digest()) {
    findings.Fault(absl::StrCat(whose, "number ", last, ", its last entry, was altered", kRestore));
  }
}

void CheckCorrespondence(const v1::EvidenceFile& file, const v1::Correspondence& correspondence,
                         Findings& findings) {
  const std::string name = correspondence.sent()
                               ? NameOf(file.authority(), correspondence.peer(), correspondence)
                               : NameOf(correspondence.peer(), file.authority(), correspondence);
  const auto fault = [&](const std::string& what) {
    findings.Fault(absl::StrCat(file.authority(), ": ", name, ": ", what));
  };
  std::vector<std::uint64_t> missing;
  std::uint64_t expected = 1;
  for (const v1::Number& number : correspondence.numbers()) {
    for (; expected < number.number(); ++expected) missing.push_back(expected);
    expected = number.number() + 1;
  }
  for (; expected <= correspondence.through(); ++expected) missing.push_back(expected);
  if (!missing.empty()) {
    fault(absl::StrCat(NumbersText(missing), missing.size() == 1 ? " is" : " are", " missing",
                       kRestore));
  } else if (expected > correspondence.through() + 1) {
    fault(absl::StrCat("records go on after number ", correspondence.through(),
                       ", where it says it ends", kRestore));
  } else if (correspondence.through() > 0 &&
             correspondence.numbers().rbegin()->link_digest() != correspondence.head_digest()) {
    fault(absl::StrCat("number ", correspondence.through(), ", its last record, was altered",
                       kRestore));
  }
  if (correspondence.stopped()) {
    fault("was stopped: the other end holds another chain; compare the two ends' files");
  }
}

// Where each correspondence stood when the journal's last entry was `sequence`.
std::string CorrespondencesAt(const v1::EvidenceFile& file, std::uint64_t sequence,
                              const exchange::Crypto& crypto) {
  std::vector<exchange::CorrespondenceMark> marks;
  for (const v1::Correspondence& correspondence : file.correspondences()) {
    const auto& numbers = correspondence.numbers();
    const auto after = std::upper_bound(numbers.begin(), numbers.end(), sequence,
                                        [](std::uint64_t limit, const v1::Number& number) {
                                          return limit < number.journal_sequence();
                                        });
    if (after == numbers.begin()) continue;
    const v1::Number& last = *(after - 1);
    marks.push_back({correspondence.sent(), correspondence.channel(), correspondence.peer(),
                     correspondence.subject_digest(), last.number(), last.link_digest()});
  }
  return exchange::DigestOf(marks, crypto);
}

// What the books as they are now say against a checkpoint; empty: nothing.
std::string Against(const v1::EvidenceFile& file, const v1::Checkpoint& checkpoint,
                    const std::map<std::uint64_t, std::string>& entries,
                    const exchange::Crypto& crypto) {
  evidence_journal::v1::Opening opening;
  if (crypto.Digest(checkpoint.opening()) != checkpoint.digest() ||
      !opening.ParseFromString(checkpoint.opening()) || opening.number() != checkpoint.number()) {
    return "its opening is not the one it committed to";
  }
  const auto entry = entries.find(opening.journal_sequence());
  if (entry == entries.end() || entry->second != opening.journal_head()) {
    return absl::StrCat("the journal up to number ", opening.journal_sequence(),
                        " is not the one it committed to");
  }
  if (file.only_with().empty() && CorrespondencesAt(file, opening.journal_sequence(), crypto) !=
                                      opening.correspondences_digest()) {
    return "the correspondences are not those it committed to";
  }
  return "";
}

void CheckOwnCheckpoints(const v1::EvidenceFile& file, const exchange::Crypto& crypto,
                         Findings& findings) {
  std::map<std::uint64_t, std::string> entries = {{0, ""}};
  for (const v1::JournalLink& link : file.journal()) entries[link.sequence()] = link.digest();
  std::uint64_t before = 0;
  for (const v1::Checkpoint& checkpoint : file.own()) {
    const std::string whose =
        absl::StrCat(file.authority(), ": checkpoint ", checkpoint.number(), ": ");
    if (before != 0 && checkpoint.number() != before + 1) {
      findings.Fault(absl::StrCat(whose, "follows number ", before, kRestore));
    }
    before = checkpoint.number();
    const std::string why = Against(file, checkpoint, entries, crypto);
    if (!why.empty()) findings.Fault(absl::StrCat(whose, why, kRestore));
  }
}

void CheckForks(const v1::EvidenceFile& file, Findings& findings) {
  std::map<std::pair<std::string, std::uint64_t>, std::string> known;
  for (const v1::Checkpoint& checkpoint : file.received()) {
    const auto [other, fresh] =
        known.emplace(std::pair(checkpoint.author(), checkpoint.number()), checkpoint.digest());
    if (fresh || other->second == checkpoint.digest()) continue;
    findings.Fault(absl::StrCat(checkpoint.author(), ": told its witness ", file.authority(),
                                " two histories as checkpoint ", checkpoint.number(),
                                "; it has to explain which is true, and compare its file"));
  }
}

}  // namespace

void CheckAlone(const v1::EvidenceFile& file, const exchange::Crypto& crypto, Findings& findings) {
  for (const std::string& row : file.unreadable()) {
    findings.Fault(
        absl::StrCat(file.authority(), ": the row ", row, " of its store is damaged", kRestore));
  }
  CheckJournal(file, findings);
  for (const v1::Correspondence& correspondence : file.correspondences()) {
    CheckCorrespondence(file, correspondence, findings);
  }
  CheckOwnCheckpoints(file, crypto, findings);
  CheckForks(file, findings);
}

}  // namespace exitbus::evidence
