// What comes of a list that does not answer: what one says is tried on a process of its own
// (tests/e2e/gang_list_test.cc).
#include "adapters/grpc/grpc_gang_list.h"

#include <future>
#include <vector>

#include "absl/time/clock.h"
#include "adapters/grpc/server_fixture.h"

namespace exitbus::adapters {
namespace {

using exchange::InGangList;

class GrpcGangListTest : public ServerFixture {
 protected:
  std::unique_ptr<exchange::GangList> ListAt(int port) {
    auto list = MakeGrpcGangList({.address = "127.0.0.1:" + std::to_string(port),
                                  .ca_file = Pki() / "authorities-ca.crt",
                                  .certificate_file = Pki() / (std::string(kOurs) + ".crt"),
                                  .key_file = Pki() / (std::string(kOurs) + ".key"),
                                  .server_name = "municipality-0183"},
                                 &telemetry_);
    EXPECT_TRUE(list.ok()) << list.status();
    return *std::move(list);
  }
  static InGangList LookUp(exchange::GangList& list) {
    std::promise<InGangList> said;
    list.LookUp("0101619999", [&](InGangList what) { said.set_value(what); });
    return said.get_future().get();
  }
  double Failed() { return telemetry_.Total("gang_list.look_ups", {{"outcome", "failed"}}); }
};

TEST_F(GrpcGangListTest, WhereNobodyListensNothingIsKnownWithinSeconds) {
  const int port = server_->port();
  server_.reset();
  const absl::Time before = absl::Now();
  EXPECT_EQ(LookUp(*ListAt(port)), InGangList::kUnknown);
  EXPECT_LT(absl::Now() - before, 2 * kGangListAnswersIn);
  EXPECT_EQ(Failed(), 1);
}

TEST_F(GrpcGangListTest, OfWhoeverRefusesNothingIsKnown) {
  EXPECT_EQ(LookUp(*ListAt(server_->port())), InGangList::kUnknown) << "it is no gang list";
  EXPECT_EQ(Failed(), 1);
}

TEST_F(GrpcGangListTest, SoManyAreUnderWayAtATime) {
  const auto list = ListAt(server_->port());
  std::vector<std::promise<InGangList>> said(4 * kLookUpsMax);
  for (auto& one : said) {
    list->LookUp("0101619999", [&](InGangList what) { one.set_value(what); });
  }
  for (auto& one : said) EXPECT_EQ(one.get_future().get(), InGangList::kUnknown);
  const double too_many = telemetry_.Total("gang_list.look_ups", {{"outcome", "too_many"}});
  EXPECT_EQ(Failed() + too_many, 4 * kLookUpsMax) << "each has its answer";
  EXPECT_GT(too_many, 0);
}

TEST_F(GrpcGangListTest, AFileThatCannotBeReadIsAnErrorAtOnce) {
  const auto list = MakeGrpcGangList({"127.0.0.1:1", "/nowhere", "", "", ""}, &telemetry_);
  EXPECT_EQ(list.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace exitbus::adapters
