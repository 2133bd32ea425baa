// The account at the end: who stands where, how much was said, and that the parts are apart.
#include <algorithm>
#include <filesystem>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/console.h"
#include "tests/story/operations.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

namespace fs = std::filesystem;

constexpr char kUser[] = "User:";

bool IsNameCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_';
}

// Every regular file below `folder`, read whole.
absl::Status ForEachFile(const std::string& folder,
                         const std::function<void(const std::string&, const std::string&)>& each) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored) || it->is_symlink(ignored)) continue;
    const auto bytes = adapters::ReadFile(it->path().string());
    if (absl::IsNotFound(bytes.status())) continue;  // gone meanwhile, as temporary files are
    RETURN_IF_ERROR(bytes.status());
    each(it->path().string(), *bytes);
  }
  return error ? absl::InternalError(folder + ": " + error.message()) : absl::OkStatus();
}

// Whom the broker's own access list names, as it stands on its disk.
absl::StatusOr<std::set<std::string>> PrincipalsAt(const std::string& broker_data) {
  std::set<std::string> principals;
  RETURN_IF_ERROR(ForEachFile(
      broker_data + "/__cluster_metadata-0", [&](const std::string&, const std::string& bytes) {
        for (std::size_t at = bytes.find(kUser); at != std::string::npos;
             at = bytes.find(kUser, at + 1)) {
          const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at + sizeof(kUser) - 1);
          principals.emplace(begin, std::find_if_not(begin, bytes.end(), IsNameCharacter));
        }
      }));
  return principals;
}

std::string StandingName(cv1::Standing standing) {
  return absl::AsciiStrToLower(cv1::Standing_Name(standing).substr(sizeof("STANDING_") - 1));
}

}  // namespace

absl::Status Story::CheckNothingInTheClear() {
  const std::vector<std::string> planted = {person_.cpr_number(), person_.name(), address_, health_,
                                            environment_,         risk_,          case_id_};
  std::string found;
  int files = 0;
  RETURN_IF_ERROR(ForEachFile(deployment_->places().state,
                              [&](const std::string& file, const std::string& bytes) {
                                ++files;
                                const bool of_broker = absl::StrContains(file, "/broker/");
                                for (const std::string& value : planted) {
                                  // The authorities' own stores name cases by id; nothing
                                  // that leaves them does.
                                  if (value == case_id_ && !of_broker) continue;
                                  if (absl::StrContains(bytes, value))
                                    absl::StrAppend(&found, file, " ");
                                }
                              }));
  if (!found.empty()) return absl::InternalError("in the clear on disk, in: " + found);
  say_->Holds(
      absl::StrCat("looked through ", files,
                   " files of stores, logs, evidence and the broker's disk: name, CPR number, "
                   "address, health and the police's assessment stand nowhere in the clear"));
  return absl::OkStatus();
}

// What it knows of the case, and under which number of responsibility.
absl::StatusOr<std::vector<std::string>> Story::Known(const Member& member) {
  switch (member.kind) {
    case policy::v1::AUTHORITY_KIND_NEC: {
      ASSIGN_OR_RETURN(const auto entry, nec_->GetEntry(overview_id_));
      return std::vector<std::string>{"knows: " + entry.authority(),
                                      absl::StrCat(entry.responsibility_number())};
    }
    case policy::v1::AUTHORITY_KIND_POLICE: {
      Actor* const unit = member.id == kFyn ? fyn_.get() : vestegnen_.get();
      const auto file = unit->FindFileInCharge(person_.cpr_number());
      if (absl::IsNotFound(file.status())) {
        return std::vector<std::string>{"former, its own assessment", "–"};
      }
      RETURN_IF_ERROR(file.status());
      return std::vector<std::string>{
          absl::StrCat("in charge, assessment ", file->assessment().version()), "–"};
    }
    case policy::v1::AUTHORITY_KIND_CONTACT_POINT: {
      ASSIGN_OR_RETURN(const auto followed, desk_->ListMonitored(false));
      return std::vector<std::string>{
          absl::StrCat("follows ", followed.size(), " handovers, no person"), "–"};
    }
    case policy::v1::AUTHORITY_KIND_MUNICIPALITY:
    case policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN:
      break;
    default:  // the story tells it nothing
      return std::vector<std::string>{"–", "–"};
  }
  Actor* const actor = member.id == kKif     ? kif_.get()
                       : member.id == kIshoj ? ishoj_.get()
                                             : odense_.get();
  ASSIGN_OR_RETURN(const cv1::Case seen, actor->GetCase(case_id_));
  return std::vector<std::string>{StandingName(seen.standing()),
                                  absl::StrCat(seen.responsibility_number())};
}

absl::StatusOr<std::vector<std::string>> Story::Row(const Member& member, const Books& books) {
  ASSIGN_OR_RETURN(const std::vector<std::string> known, Known(member));
  return std::vector<std::string>{member.id,
                                  absl::StrCat(deployment_->PidOf(member).value_or(0)),
                                  known.at(0),
                                  known.at(1),
                                  absl::StrCat(books.letters_sent()),
                                  absl::StrCat(books.letters_received())};
}

absl::Status Story::CountParts() {
  std::set<pid_t> processes;
  std::set<std::string> databases;
  std::set<std::string> ids;
  std::vector<Member> members = Cast();
  if (deployment_->has_console()) members.push_back(ConsoleMember());
  for (const Member& member : members) {
    ids.insert(member.id);
    if (const auto pid = deployment_->PidOf(member)) processes.insert(*pid);
    std::error_code error;
    const std::string journal = deployment_->places().journal(member);
    if (fs::file_size(journal, error) > 0 && !error) databases.insert(journal);
  }
  ASSIGN_OR_RETURN(const std::set<std::string> principals,
                   PrincipalsAt(deployment_->places().state + "/broker/data"));
  RETURN_IF_ERROR(deployment_->CheckProvisioned());
  say_->Text(absl::StrCat("\n  ", processes.size(), " processes, ", databases.size(),
                          " databases, ", principals.size(), " principals in the broker's list"));
  if (processes.size() != ids.size() || databases.size() != ids.size() || principals != ids) {
    return absl::InternalError(absl::StrCat(
        "there should be ", ids.size(), " of each; principals: ", absl::StrJoin(principals, ", ")));
  }
  return absl::OkStatus();
}

absl::Status Story::Account() {
  say_->Chapter("The account");
  ASSIGN_OR_RETURN(const AllBooks books, CompareBooks(*deployment_, absl::Seconds(60)));
  say_->Holds("every letter sent was receipted, applied once and refused never; all chains agree");
  ASSIGN_OR_RETURN(const std::string verified, VerifyEvidence(*deployment_));
  say_->Holds("`exitctl evidence` finds that all that the stores hold of each other agrees: " +
              verified);
  RETURN_IF_ERROR(CheckNothingInTheClear());
  say_->Text("");
  std::vector<std::vector<std::string>> rows = {
      {"authority", "pid", "the case", "number", "letters sent", "received"}};
  for (const Member& member : Cast()) {
    ASSIGN_OR_RETURN(rows.emplace_back(), Row(member, books.at(member.id)));
  }
  say_->Table(rows);
  return CountParts();
}

}  // namespace exitbus::story
