// policygen: checks the contracts, and writes what is generated from them.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/system/version.h"
#include "services/policy/check.h"
#include "services/policy/contracts.h"
#include "tools/policygen/generators.h"

namespace {

using exitbus::policy::AllContracts;

constexpr char kUsage[] =
    "policygen check          says what is wrong with the contracts\n"
    "policygen write ROOT     writes docs/policy.md, fields.md and metrics.md, access.md and\n"
    "                         asyncapi.yaml in deploy/topics, and the dashboard in\n"
    "                         deploy/monitoring below ROOT, the repository; the first ends with\n"
    "                         ROOT/tools/policygen/threat_model.md\n"
    "policygen stale ROOT     says which of them are not what it would write\n";

struct Generated {
  const char* path;
  std::string text;
};

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Generated> GenerateAll(const std::string& root) {
  return {{"docs/policy.md", exitbus::policygen::PolicyPage(AllContracts()) +
                                 exitbus::policygen::PartyPage() + "\n" +
                                 Read(root + "/tools/policygen/threat_model.md")},
          {"docs/fields.md", exitbus::policygen::FieldsPage(AllContracts())},
          {"deploy/topics/access.md", exitbus::policygen::AccessPage(AllContracts())},
          {"deploy/topics/asyncapi.yaml", exitbus::policygen::AsyncApi(AllContracts())},
          {"docs/metrics.md", exitbus::policygen::MetricsPage()},
          {"deploy/monitoring/dashboards/services.json", exitbus::policygen::MetricsDashboard()}};
}

int Check() {
  const std::vector<std::string> mistakes = exitbus::policy::CheckPolicy(AllContracts());
  for (const std::string& mistake : mistakes) std::cerr << "policy: " << mistake << "\n";
  return mistakes.empty() ? 0 : 1;
}

int Write(const std::string& root) {
  for (const Generated& generated : GenerateAll(root)) {
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
  for (const Generated& generated : GenerateAll(root)) {
    const std::string path = root + "/" + generated.path;
    if (Read(path) == generated.text) continue;
    std::cerr << path << " is not what it is made from says: run policygen write " << root << "\n";
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
  if (exitbus::adapters::PrintedVersion(argc, argv, "policygen")) return 0;
  const std::string command = argc > 1 ? argv[1] : "";
  if (argc == 2 && command == "check") return Check();
  if (argc == 3 && command == "write") return Write(argv[2]);
  if (argc == 3 && command == "stale") return Stale(argv[2]);
  return Usage();
}
