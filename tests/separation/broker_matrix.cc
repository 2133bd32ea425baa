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

struct Way {
  Act act;
  ResourceType type;
  std::function<absl::StatusOr<WireErrors>(const Names&)> attempt;
};

std::vector<Attempt> Try(const std::vector<Way>& ways, const Names& topics, const Names& groups) {
  std::vector<Attempt> attempts;
  for (const Way& way : ways) {
    const Names& names = way.type == ResourceType::kTopic ? topics : groups;
    const auto errors = way.attempt(names);
    if (!errors.ok()) {
      ADD_FAILURE() << NameOf(way.act) << ": " << errors.status();
      continue;
    }
    for (const std::string& name : names) {
      const auto found = errors->find(name);
      EXPECT_NE(found, errors->end()) << "no answer to " << NameOf(way.act) << " " << name;
      if (found != errors->end()) attempts.push_back({way.act, way.type, name, found->second});
    }
  }
  return attempts;
}

std::vector<Way> WaysToUse(KafkaWire& wire) {
  return {
      {Act::kDescribe, ResourceType::kTopic, [&](const auto& all) { return wire.Describe(all); }},
      {Act::kRead, ResourceType::kTopic, [&](const auto& all) { return wire.Read(all); }},
      {Act::kWrite, ResourceType::kTopic,
       [&](const auto& all) { return wire.Write(all, Scribble()); }},
      {Act::kDescribe, ResourceType::kGroup,
       [&](const auto& all) { return wire.DescribeGroups(all); }},
      {Act::kRead, ResourceType::kGroup, [&](const auto& all) { return wire.ReadGroups(all); }},
  };
}

std::vector<Way> WaysToAdminister(KafkaWire& wire) {
  return {
      {Act::kCreate, ResourceType::kTopic, [&](const auto& all) { return wire.Create(all); }},
      {Act::kAlter, ResourceType::kTopic, [&](const auto& all) { return wire.Alter(all); }},
      {Act::kDelete, ResourceType::kTopic, [&](const auto& all) { return wire.Delete(all); }},
      {Act::kDelete, ResourceType::kGroup, [&](const auto& all) { return wire.DeleteGroups(all); }},
  };
}

}  // namespace

std::vector<Attempt> TryAll(KafkaWire& wire, const Names& topics, const Names& groups) {
  std::vector<Way> ways = WaysToUse(wire);
  for (const Way& way : WaysToAdminister(wire)) ways.push_back(way);
  return Try(ways, topics, groups);
}

std::vector<Attempt> TryAbsent(KafkaWire& wire, const Names& topics, const Names& groups) {
  return Try(WaysToUse(wire), topics, groups);
}

Names Surprises(const AccessTable& table, const std::string& certificate,
                const std::vector<Attempt>& attempts) {
  Names surprises;
  for (const Attempt& attempt : attempts) {
    const bool allowed = table.Allows(certificate, attempt.type, attempt.name, attempt.act);
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
