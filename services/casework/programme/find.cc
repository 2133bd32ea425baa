// Finding a case by the person it is about: while this authority holds it, and after it let it go.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "services/casework/programme/programme.h"
#include "services/casework/views.h"
#include "services/exchange/keys.h"
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

void ServeSearch(CasePart& part) {
  part.Named(&Names).List<v1::FindCasesRequest>(
      {.prefix = exchange::KindName{"case", ""}.Encode(),
       .view = &FoundView,
       .search = exchange::ByPerson<v1::FindCasesRequest>()});
}

}  // namespace exitbus::casework
