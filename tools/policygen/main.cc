// policygen: checks the contracts, and writes what is generated from them.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "services/policy/check.h"
#include "services/policy/contracts.h"
#include "tools/policygen/generators.h"

namespace {

using exitbus::policy::AllContracts;

constexpr char kUsage[] =
    "policygen check          says what is wrong with the contracts\n"
    "policygen docs           prints docs/policy.md\n"
    "policygen topics         prints deploy/topics/access.md\n"
    "policygen asyncapi       prints deploy/topics/asyncapi.yaml\n"
    "policygen write ROOT     writes these three below ROOT, the repository\n"
    "policygen stale ROOT     says which of them are not what it would write\n";

struct Generated {
  const char* path;
  std::string text;
};

std::vector<Generated> GenerateAll() {
  return {{"docs/policy.md", exitbus::policygen::PolicyPage(AllContracts())},
          {"deploy/topics/access.md", exitbus::policygen::AccessPage(AllContracts())},
          {"deploy/topics/asyncapi.yaml", exitbus::policygen::AsyncApi(AllContracts())}};
}

int Check() {
  const std::vector<std::string> mistakes = exitbus::policy::CheckPolicy(AllContracts());
  for (const std::string& mistake : mistakes) std::cerr << "policy: " << mistake << "\n";
  return mistakes.empty() ? 0 : 1;
}

int Print(const std::string& text) {
  std::cout << text;
  return std::cout.flush() ? 0 : 1;
}

int Write(const std::string& root) {
  for (const Generated& generated : GenerateAll()) {
    const std::string path = root + "/" + generated.path;
    std::ofstream file(path, std::ios::binary);
    if (!(file << generated.text).flush()) {
      std::cerr << "cannot write " << path << ": does its folder exist?\n";
      return 1;
    }
  }
  return 0;
}

int Stale(const std::string& root) {
  int stale = 0;
  for (const Generated& generated : GenerateAll()) {
    const std::string path = root + "/" + generated.path;
    std::ifstream file(path, std::ios::binary);
    std::stringstream there;
    there << file.rdbuf();
    if (file && there.str() == generated.text) continue;
    std::cerr << path << " is not what the contracts say: run policygen write " << root << "\n";
    ++stale;
  }
  return stale == 0 ? 0 : 1;
}

int Usage() {
  std::cerr << kUsage;
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (argc == 2) {
    if (command == "check") return Check();
    if (command == "docs") return Print(exitbus::policygen::PolicyPage(AllContracts()));
    if (command == "topics") return Print(exitbus::policygen::AccessPage(AllContracts()));
    if (command == "asyncapi") return Print(exitbus::policygen::AsyncApi(AllContracts()));
  }
  if (argc == 3 && command == "write") return Write(argv[2]);
  if (argc == 3 && command == "stale") return Stale(argv[2]);
  return Usage();
}
