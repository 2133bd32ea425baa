#include "tests/separation/broker_matrix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

using policy::ResourceType;
using Names = std::vector<std::string>;

bool IsRefused(const Attempt& attempt) {
  return attempt.error == kTopicDenied || attempt.error == kGroupDenied;
}

// What the broker says once it has asked its access list and found nothing against it. Nobody uses
// its groups, so these are not there or not ready; nor need a topic be.
bool IsLetThrough(const Attempt& attempt) {
  const std::set<int> kFine = {kNone, kNoSuchTopic, kTopicExists};
  const std::set<int> kNoSuchGroup = {14, 15, 16, 25, 69};
  return kFine.contains(attempt.error) ||
         (attempt.type == ResourceType::kGroup && kNoSuchGroup.contains(attempt.error));
}

WireRecord Scribble() {
  WireRecord record;
  record.value = "not a record of ours";
  record.timestamp_ms = absl::ToUnixMillis(absl::Now());  // an old one would not stay
  return record;
}

}  // namespace

std::vector<Attempt> TryAll(KafkaWire& wire, const Names& topics, const Names& groups) {
  struct Way {
    Act act;
    ResourceType type;
    std::function<absl::StatusOr<WireErrors>()> attempt;
  };
  const Way ways[] = {
      {Act::kDescribe, ResourceType::kTopic, [&] { return wire.Describe(topics); }},
      {Act::kRead, ResourceType::kTopic, [&] { return wire.Read(topics); }},
      {Act::kWrite, ResourceType::kTopic, [&] { return wire.Write(topics, Scribble()); }},
      {Act::kCreate, ResourceType::kTopic, [&] { return wire.Create(topics); }},
      {Act::kAlter, ResourceType::kTopic, [&] { return wire.Alter(topics); }},
      {Act::kDelete, ResourceType::kTopic, [&] { return wire.Delete(topics); }},
      {Act::kDescribe, ResourceType::kGroup, [&] { return wire.DescribeGroups(groups); }},
      {Act::kRead, ResourceType::kGroup, [&] { return wire.ReadGroups(groups); }},
      {Act::kDelete, ResourceType::kGroup, [&] { return wire.DeleteGroups(groups); }},
  };
  std::vector<Attempt> attempts;
  for (const Way& way : ways) {
    const auto errors = way.attempt();
    if (!errors.ok()) {
      ADD_FAILURE() << NameOf(way.act) << ": " << errors.status();
      continue;
    }
    for (const std::string& name : way.type == ResourceType::kTopic ? topics : groups) {
      const auto found = errors->find(name);
      EXPECT_NE(found, errors->end()) << "no answer to " << NameOf(way.act) << " " << name;
      if (found != errors->end()) attempts.push_back({way.act, way.type, name, found->second});
    }
  }
  return attempts;
}

std::vector<Attempt> TryAbsent(KafkaWire& wire, const Names& topics, const Names& groups) {
  std::vector<Attempt> attempts = TryAll(wire, topics, groups);
  std::erase_if(attempts, [](const Attempt& attempt) {
    return attempt.act == Act::kDelete && attempt.type == ResourceType::kTopic;
  });
  return attempts;
}

Names Surprises(const std::vector<policy::AclSpec>& acls, const std::string& certificate,
                const std::vector<Attempt>& attempts) {
  Names surprises;
  for (const Attempt& attempt : attempts) {
    const bool allowed =
        Allows(acls, absl::StrCat("User:", certificate), attempt.type, attempt.name, attempt.act);
    if (allowed ? IsLetThrough(attempt) : IsRefused(attempt)) continue;
    const char* came_out = IsRefused(attempt)      ? "refused"
                           : IsLetThrough(attempt) ? "let through"
                                                   : "failed";
    surprises.push_back(absl::StrCat(certificate, ": ", NameOf(attempt.act),
                                     attempt.type == ResourceType::kTopic ? " topic " : " group ",
                                     attempt.name, ": ", came_out, " (error ", attempt.error, ")"));
  }
  return surprises;
}

void CountAttempts(const std::string& surface, const std::vector<Attempt>& attempts) {
  Tally::Count(surface, static_cast<int>(attempts.size()),
               static_cast<int>(std::count_if(attempts.begin(), attempts.end(), IsRefused)));
}

}  // namespace exitbus::story
