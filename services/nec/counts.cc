// How many persons are in exit, by district, as of any time until now. Made from the entries each
// time, so it needs no books of its own that could differ from them.
#include <map>
#include <memory>
#include <set>
#include <string>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/nec/entry.h"

namespace exitbus::nec {
namespace {

using exchange::DecisionContext;
using exchange::Message;

// Who answered for an entry's case then; empty: it was not in exit.
std::string AuthorityAt(const jv1::Entry& entry, absl::Time as_of) {
  std::string authority;
  bool has_left = false;  // for another programme, from which one may come back
  for (const v1::Provenance& said : ProvenanceOf(entry)) {
    if (exchange::FromProto(said.since()) > as_of) continue;
    if (said.fact() == v1::ENTRY_FACT_WITHDRAWN) return "";
    const bool is_told_of_stage = said.fact() == v1::ENTRY_FACT_STAGE_REACHED;
    if (is_told_of_stage &&
        (said.stage() == v1::ENTRY_STAGE_ENDED || said.stage() == v1::ENTRY_STAGE_CLOSED)) {
      authority.clear();
      has_left = true;
    } else if (said.fact() == v1::ENTRY_FACT_VISITED || (is_told_of_stage && has_left) ||
               (said.fact() == v1::ENTRY_FACT_TAKEN_OVER && !authority.empty())) {
      authority = said.authority();
      has_left = false;
    }
  }
  return authority;
}

// The persons of one figure, by the hash that stands for them, or by the entry where it has no
// number.
struct Persons {
  std::set<std::string> all, outside, in_custody;

  void Add(const std::string& person, bool is_in_custody) {
    all.insert(person);
    (is_in_custody ? in_custody : outside).insert(person);
  }
  template <class Counts>
  void Show(Counts& counts) const {
    counts.set_persons(static_cast<std::uint32_t>(all.size()));
    counts.set_outside(static_cast<std::uint32_t>(outside.size()));
    counts.set_in_custody(static_cast<std::uint32_t>(in_custody.size()));
  }
};

class Counting : public exchange::Tally {
 public:
  Counting(absl::Time as_of, const DecisionContext& context) : as_of_(as_of), context_(context) {}

  void Add(const Message& state) override {
    const auto& entry = static_cast<const jv1::Entry&>(state);
    erased_ += entry.has_erasure() ? 1 : 0;
    const std::string authority = AuthorityAt(entry, as_of_);
    if (authority.empty()) return;
    const auto listed = context_.directory->Find(authority);
    const bool in_custody = listed && listed->kind == policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN;
    const std::string& cpr_number = entry.person().cpr_number();
    const std::string person =
        cpr_number.empty() ? EntryKey(entry.overview_id()) : context_.lookup->PersonKey(cpr_number);
    if (!country_.all.contains(person)) {
      once_.insert(person);
    } else if (once_.erase(person) > 0) {
      ++in_several_;
    }
    country_.Add(person, in_custody);
    districts_[listed ? listed->district : ""].Add(person, in_custody);
  }

  std::unique_ptr<Message> Result() const override {
    auto counts = std::make_unique<v1::EntryCounts>();
    *counts->mutable_as_of() = exchange::ToProto(as_of_);
    country_.Show(*counts);
    counts->set_in_several_entries(in_several_);
    counts->set_erased_entries(erased_);
    for (const auto& [district, persons] : districts_) {
      v1::DistrictCount& count = *counts->add_districts();
      count.set_district(district);
      persons.Show(count);
    }
    return counts;
  }

 private:
  const absl::Time as_of_;
  const DecisionContext& context_;
  Persons country_;
  std::map<std::string, Persons> districts_;
  std::set<std::string> once_;  // seen in one entry so far
  std::uint32_t in_several_ = 0;
  std::uint32_t erased_ = 0;
};

exchange::TallyBegun Begin(const v1::CountEntriesRequest& request, const DecisionContext& context) {
  const absl::Time as_of = request.has_as_of() ? exchange::FromProto(request.as_of()) : context.now;
  if (as_of > context.now) {
    return exchange::BadInput("overview.as_of_future",
                              "Nobody knows yet who is in exit then. Ask for a time until now.");
  }
  return std::make_unique<Counting>(as_of, context);
}

}  // namespace

EntryPart Counts() {
  EntryPart part;
  part.Count(EntryKey(""), &Begin);
  return part;
}

}  // namespace exitbus::nec
