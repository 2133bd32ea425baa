#include "services/nec/overview.h"

#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/compose.h"
#include "services/nec/entry.h"
#include "services/policy/copy.h"

namespace exitbus::nec {
namespace {

using exchange::Message;

template <class Request>
std::string ById(const Request& request) {
  return EntryKey(request.overview_id());
}

std::unique_ptr<Message> View(const jv1::Entry& entry) {
  if (entry.overview_id().empty()) return nullptr;
  auto view = std::make_unique<v1::OverviewEntry>();
  policy::CopyAlike(entry, *view);
  view->set_responsibility_number(entry.number());
  *view->mutable_provenance() = ProvenanceOf(entry);
  ShowDuplicates(entry, *view);
  return view;
}

std::unique_ptr<Message> ListView(const jv1::Entry& entry, std::string_view,
                                  const v1::ListEntriesRequest& asked) {
  const bool left_out = asked.open_duplicates_only() && !HasOpenDuplicate(entry);
  return left_out ? nullptr : View(entry);
}

std::string AccountKey(const jv1::Entry& entry) {
  return entry.overview_id().empty() ? "" : EntryKey(entry.overview_id());
}

}  // namespace

EntryPart EntryMethods() {
  EntryPart part;
  part.Serve<v1::GetEntryRequest>({.target = &ById, .view = &View})
      .List<v1::ListEntriesRequest>(
          {.prefix = EntryKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchEntriesRequest::descriptor())})
      .Account<v1::GetAccountRequest>(&ById);
  return part;
}

exchange::Aggregate OverviewEntries() {
  exchange::Aggregate entries = exchange::Compose<jv1::Entry, jv1::EntryEvent>(
      kEntries, {EntryLetters(), EntryEvents(), EntryMethods(), Counts(), Duplicates()},
      [](const exchange::LetterPlace& place) {
        // The police know nothing of it but who is in two entries.
        return place.sender_kind == policy::v1::AUTHORITY_KIND_POLICE ? DuplicateKey(place.subject)
                                                                      : EntryKey(place.subject);
      });
  entries.visibility = [](const Message&, policy::v1::Reader reader,
                          const exchange::DecisionContext&) {
    return exchange::Visibility{reader, {policy::v1::CONDITION_OWN_PART}};
  };
  entries.account_key = exchange::OfState(&AccountKey);
  return entries;
}

}  // namespace exitbus::nec
