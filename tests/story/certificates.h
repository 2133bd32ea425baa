// What a deployment needs on disk before anything runs: ports, keys, the signed directory,
// configurations, client profiles. All of it is made where it is missing and kept where it is good.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "exitbus/config/v1/config.pb.h"
#include "tests/story/cast.h"

namespace exitbus::story {

// Where things lie in a state folder.
struct Places {
  std::string state;  // absolute

  std::string pki() const { return state + "/pki"; }
  std::string directory() const { return state + "/directory.bin"; }
  std::string clock() const { return state + "/clock"; }
  std::string Of(const Member& member) const { return state + "/" + member.id; }
  std::string config(const Member& member) const { return Of(member) + "/config.textproto"; }
  std::string log(const Member& member) const { return Of(member) + "/log"; }
  std::string journal(const Member& member) const { return Of(member) + "/data/journal.sqlite"; }
  std::string revoked_clients(const Member& member) const {
    return Of(member) + "/revoked-clients";
  }
  std::string profile(const Member& member) const {
    return state + "/clients/" + member.nickname + ".profile";
  }
  std::string certificate(const std::string& name) const { return pki() + "/" + name + ".crt"; }
  std::string key(const std::string& name) const { return pki() + "/" + name + ".key"; }
  std::string authorities_ca() const { return pki() + "/authorities-ca.crt"; }
  std::string clients_ca() const { return pki() + "/clients-ca.crt"; }
};

// Free ports on 127.0.0.1, below the range the kernel hands out for outgoing connections. Those
// that `file` names are kept while they are free; the file is brought up to date.
absl::StatusOr<std::map<std::string, int>> ChoosePorts(const std::string& file,
                                                       const std::vector<std::string>& names);
bool IsListening(int port);

// The directory of the cast, signed by two of three signers, whose public keys (hexadecimal) are
// returned. A new version when keys, cast, time or who is `suspended` (ids) ask for one.
absl::StatusOr<std::vector<std::string>> MakeDirectory(const Places& places,
                                                       const std::set<std::string>& suspended = {});

// The development clock that all go by, at first the machine's time. One that is there is kept:
// what the stores hold is of its time.
absl::Status MakeClock(const Places& places);

config::v1::ServiceConfig ConfigOf(const Places& places, const Member& member,
                                   const std::vector<std::string>& signers,
                                   const std::string& broker, int api_port, int metrics_port);
absl::Status WriteConfig(const std::string& file, const google::protobuf::Message& config);

// KEY=VALUE lines that exitctl reads.
absl::Status WriteProfile(const Places& places, const Member& member, int api_port);

}  // namespace exitbus::story
