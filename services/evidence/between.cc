#include "services/evidence/between.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/proto_time.h"

namespace exitbus::evidence {
namespace {

// By channel and subject.
using Ends = std::map<std::pair<int, std::string>, const v1::Correspondence*>;

Ends EndsWith(const v1::EvidenceFile& file, const std::string& peer, bool sent) {
  Ends ends;
  for (const v1::Correspondence& correspondence : file.correspondences()) {
    if (correspondence.peer() == peer && correspondence.sent() == sent) {
      ends[{correspondence.channel(), correspondence.subject_digest()}] = &correspondence;
    }
  }
  return ends;
}

bool ExportedBefore(const v1::EvidenceFile& file, const v1::EvidenceFile& other) {
  return exchange::FromProto(file.exported()) < exchange::FromProto(other.exported());
}

// One direction of one correspondence, both ends.
class Comparison {
 public:
  Comparison(const v1::EvidenceFile& sender, const v1::EvidenceFile& recipient)
      : sender_(sender), recipient_(recipient) {}

  // Either may be null: that end holds nothing of it.
  void Compare(const v1::Correspondence* sent, const v1::Correspondence* received,
               Findings& findings) {
    static const v1::Correspondence none;
    const v1::Correspondence& out = sent != nullptr ? *sent : none;
    const v1::Correspondence& in = received != nullptr ? *received : none;
    const auto there = DigestsOf(out);
    const auto here = DigestsOf(in);
    std::set<std::uint64_t> numbers;
    for (const auto& [number, digest] : there) numbers.insert(number);
    for (const auto& [number, digest] : here) numbers.insert(number);
    for (const std::uint64_t number : numbers) {
      const auto at_sender = there.find(number);
      const auto at_recipient = here.find(number);
      if (at_recipient == here.end()) {
        OnlySent(number, out, in);
      } else if (at_sender == there.end()) {
        OnlyReceived(number, out);
      } else if (at_sender->second != at_recipient->second) {
        differ_.push_back(number);
      }
    }
    Notify(NameOf(sender_.authority(), recipient_.authority(), sent != nullptr ? out : in),
           findings);
  }

 private:
  using Numbers = std::vector<std::uint64_t>;

  static std::map<std::uint64_t, std::string> DigestsOf(const v1::Correspondence& end) {
    std::map<std::uint64_t, std::string> digests;
    for (const v1::Number& number : end.numbers()) digests[number.number()] = number.link_digest();
    return digests;
  }

  void OnlySent(std::uint64_t number, const v1::Correspondence& out, const v1::Correspondence& in) {
    const bool taken = number <= in.through();
    const bool receipted = number <= out.receipted_through();
    if (!taken && !receipted) {
      under_way_.push_back(number);
    } else if (!taken && ExportedBefore(recipient_, sender_)) {
      later_than_recipient_.push_back(number);
    } else {
      lost_by_recipient_.push_back(number);  // it had been there: taken, or receipted since
    }
  }

  void OnlyReceived(std::uint64_t number, const v1::Correspondence& out) {
    const bool later = number > out.through() && ExportedBefore(sender_, recipient_);
    (later ? later_than_sender_ : lost_by_sender_).push_back(number);
  }

  void Notify(const std::string& name, Findings& findings) const {
    const auto tell = [&](const Numbers& numbers, bool fault, const std::string& what) {
      if (numbers.empty()) return;
      const std::string text = absl::StrCat(name, ": ", NumbersText(numbers), " ", what);
      fault ? findings.Fault(text) : findings.Note(text);
    };
    const std::string& sender = sender_.authority();
    const std::string& recipient = recipient_.authority();
    tell(differ_, true,
         absl::StrCat("differ at the two ends: altered at one of them, or forked; check each file "
                      "alone to see at which, and compare with a backup"));
    tell(lost_by_recipient_, true,
         absl::StrCat("missing at ", recipient, ", which had received it; look who could write to ",
                      recipient, "'s store"));
    tell(lost_by_sender_, true,
         absl::StrCat("missing at ", sender, ", which had sent it; its store was cut or set back, ",
                      "look who could write to it"));
    tell(under_way_, false, absl::StrCat("not yet received by ", recipient));
    tell(later_than_recipient_, false,
         absl::StrCat("later than ", recipient, "'s file; export that one again to compare"));
    tell(later_than_sender_, false,
         absl::StrCat("later than ", sender, "'s file; export that one again to compare"));
  }

  const v1::EvidenceFile& sender_;
  const v1::EvidenceFile& recipient_;
  Numbers differ_, lost_by_recipient_, lost_by_sender_;
  Numbers under_way_, later_than_recipient_, later_than_sender_;
};

void CheckDirection(const v1::EvidenceFile& sender, const v1::EvidenceFile& recipient,
                    Findings& findings) {
  const Ends sent = EndsWith(sender, recipient.authority(), true);
  const Ends received = EndsWith(recipient, sender.authority(), false);
  std::set<Ends::key_type> all;
  for (const auto& [key, end] : sent) all.insert(key);
  for (const auto& [key, end] : received) all.insert(key);
  for (const auto& key : all) {
    const auto out = sent.find(key);
    const auto in = received.find(key);
    Comparison(sender, recipient)
        .Compare(out == sent.end() ? nullptr : out->second,
                 in == received.end() ? nullptr : in->second, findings);
  }
}

// What a witness keeps of one author, against that author's own book.
void CheckKept(const v1::EvidenceFile& author, const v1::EvidenceFile& witness,
               Findings& findings) {
  std::map<std::uint64_t, std::string> own;
  for (const v1::Checkpoint& checkpoint : author.own()) {
    own[checkpoint.number()] = checkpoint.digest();
  }
  const bool full = own.size() >= static_cast<std::size_t>(exchange::kCheckpointsKept);
  for (const v1::Checkpoint& kept : witness.received()) {
    if (kept.author() != author.authority()) continue;
    const auto found = own.find(kept.number());
    if (found != own.end() && found->second == kept.digest()) continue;
    if (full && kept.number() < own.begin()->first) continue;  // older than anyone keeps
    const std::string name = absl::StrCat(author.authority(), ": checkpoint ", kept.number(),
                                          ", kept by its witness ", witness.authority());
    if (found != own.end()) {
      findings.Fault(absl::StrCat(name,
                                  ", is another one in its own book: the journal was written "
                                  "anew; a backup from before tells what it had said"));
    } else if (exchange::FromProto(kept.made()) > exchange::FromProto(author.exported())) {
      findings.Note(absl::StrCat(name, ", is later than its file; export that one again"));
    } else {
      findings.Fault(absl::StrCat(name,
                                  ", is missing in its own book: the journal was cut or set "
                                  "back; a backup from before tells what it had said"));
    }
  }
}

bool MayCompare(const v1::EvidenceFile& one, const v1::EvidenceFile& other) {
  return one.only_with().empty() || one.only_with() == other.authority();
}

}  // namespace

void CheckBetween(const v1::EvidenceFile& one, const v1::EvidenceFile& other, Findings& findings) {
  for (const auto* file : {&one, &other}) {
    const v1::EvidenceFile& peer = file == &one ? other : one;
    if (MayCompare(*file, peer)) continue;
    findings.Note(absl::StrCat(file->authority(), "'s file is cut to what concerns ",
                               file->only_with(), ", so it is not compared with ", peer.authority(),
                               "'s; export it with --with ", peer.authority()));
    return;
  }
  CheckDirection(one, other, findings);
  CheckDirection(other, one, findings);
  CheckKept(one, other, findings);
  CheckKept(other, one, findings);
}

void CheckWitnesses(const v1::EvidenceFile& one, const v1::EvidenceFile& other,
                    Findings& findings) {
  std::map<std::pair<std::string, std::uint64_t>, std::set<std::string>> digests;
  for (const v1::Checkpoint& kept : one.received()) {
    digests[{kept.author(), kept.number()}].insert(kept.digest());
  }
  for (const v1::Checkpoint& kept : other.received()) {
    const auto found = digests.find({kept.author(), kept.number()});
    if (found == digests.end() || found->second.count(kept.digest()) > 0) continue;
    findings.Fault(absl::StrCat(kept.author(), ": told its witnesses ", one.authority(), " and ",
                                other.authority(), " different histories as checkpoint ",
                                kept.number(), "; it has to explain which is true"));
  }
}

}  // namespace exitbus::evidence
