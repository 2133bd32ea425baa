// Finding a case by the person it is about: while this authority holds it, after it let it go, and
// where a new one follows it.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "services/casework/programme/programme.h"
#include "services/casework/views.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/search.h"

namespace exitbus::casework {
namespace {

// Under the case's id, so that of a case that came back the newest file is found, by what an older
// one says too.
std::vector<std::string> Names(const jv1::CaseFile& file, const exchange::Lookup& lookup) {
  if (!IsShown(file)) return {};
  std::vector<std::string> names =
      exchange::FoundBy({file.person().cpr_number(), file.person().name()}, file.case_id(), lookup);
  for (const cv1::EarlierDetail& earlier : file.earlier()) {
    const cv1::Person& person = earlier.person();
    for (std::string& name :
         exchange::FoundBy({person.cpr_number(), person.name()}, file.case_id(), lookup)) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

std::unique_ptr<google::protobuf::Message> FoundView(const jv1::CaseFile& file, std::string_view,
                                                     const v1::FindCasesRequest&) {
  return CaseView(file);
}

}  // namespace

std::string PreviousCase(const std::string& cpr_number, const exchange::Lookup& lookup) {
  std::string newest;
  absl::Time ended = absl::InfinitePast();
  for (const std::string& below : exchange::SearchedBelow({cpr_number, ""}, lookup)) {
    for (const std::string& id : lookup.NamesBelow(exchange::IndexKey{kFiles, below}.Encode())) {
      const auto state = lookup.StateOf(kFiles, exchange::KindName{"case", id}.Encode());
      if (state == nullptr) continue;  // nothing is opened
      const auto& file = static_cast<const jv1::CaseFile&>(*state);
      const absl::Time at = exchange::FromProto(file.end().ended());
      if (file.standing() != cv1::STANDING_RESPONSIBLE || !IsOver(file.stage()) || at <= ended) {
        continue;
      }
      newest = id;
      ended = at;
    }
  }
  return newest;
}

void ServeSearch(CasePart& part) {
  part.Named(&Names).List<v1::FindCasesRequest>(
      {.prefix = exchange::KindName{"case", ""}.Encode(),
       .view = &FoundView,
       .search = exchange::ByPerson<v1::FindCasesRequest>()});
}

}  // namespace exitbus::casework
