#include "tests/clients/foreign_client.h"

#include <signal.h>

#include "absl/strings/str_cat.h"
#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

constexpr char kRunLimitS[] = "60";
constexpr absl::Duration kEndLimit = absl::Seconds(5);

std::vector<std::string> SaidIn(const Daemon& daemon) {
  return LinesIn(adapters::ReadFile(daemon.log).value_or(""));
}

}  // namespace

ForeignClient::ForeignClient(const Foreign& program)
    : program_(program),
      files_(absl::StrCat(TheDeployment().places().state, "/", program.folder, ".", FreshId())),
      opening_{{}, files_ + ".open.pid", files_ + ".open.log"},
      answering_{Command({"answer", files_ + ".token"}, {}), files_ + ".answer.pid",
                 files_ + ".answer.log"} {}

ForeignClient::~ForeignClient() {
  KillAnswering();
  if (!opening_.command.empty()) (void)End(opening_, SIGKILL, kEndLimit);
}

std::vector<std::string> ForeignClient::Command(const std::vector<std::string>& words,
                                                const std::vector<std::string>& variables) const {
  const std::string profile = TheDeployment().places().profile(MemberNamed(kIshoj));
  std::vector<std::string> all = LinesIn(adapters::ReadFile(profile).value_or(""));
  all.insert(all.end(), variables.begin(), variables.end());
  return CommandOf(program_, all, words);
}

absl::StatusOr<std::string> ForeignClient::Run(const std::vector<std::string>& words,
                                               const std::vector<std::string>& variables) const {
  std::vector<std::string> command = Command(words, variables);
  command.insert(command.begin(), {"timeout", kRunLimitS});
  RETURN_IF_ERROR(RunTool(command, files_ + ".log"));
  return adapters::ReadFile(files_ + ".log");
}

absl::Status ForeignClient::StartOpening(const std::vector<std::string>& words) {
  opening_.command = Command(words, {});
  return Spawn(opening_);
}

absl::Status ForeignClient::StartAnswering() { return Spawn(answering_); }
void ForeignClient::KillAnswering() { (void)End(answering_, SIGKILL, kEndLimit); }

std::vector<std::string> ForeignClient::Opening() const { return SaidIn(opening_); }
std::vector<std::string> ForeignClient::Answering() const { return SaidIn(answering_); }

}  // namespace exitbus::story
