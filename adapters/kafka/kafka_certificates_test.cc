// Certificates at a real broker: which are trusted, and that a renewed one is taken into use.
#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "adapters/kafka/testing/bus_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

class KafkaCertificatesTest : public KafkaBusTest {
 protected:
  // Puts another certificate where nec's is, or the key with it.
  void Use(const std::string& other, bool with_key = true) {
    const KafkaOptions from = broker().WithFiles(other);
    Put(from.certificate_file, nec_.certificate_file);
    if (with_key) Put(from.key_file, nec_.key_file);
  }

  const KafkaOptions nec_ = broker().As("nec");

 private:
  static void Put(const std::string& source, const std::string& target) {
    std::filesystem::copy_file(source, target + ".new");
    std::filesystem::rename(target + ".new", target);
  }
};

TEST_F(KafkaCertificatesTest, ARenewedOneIsTakenIntoUseAndNothingIsLost) {
  Provision();
  broker().Certificates("--as nec-next --days 100 issue-authority nec");
  BusUser user(nec_);
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  const auto first = user.Publish(kInbox, "first");
  ASSERT_TRUE(first.ok()) << first.status();
  user.Read(kInbox, first->offset);
  std::vector<std::string> expected = {"first"};
  const auto renewed = [&] { return user.telemetry.Total("bus_certificates_renewed"); };

  int sent = 0;
  int reported = 0;
  Use("nec-next");
  ASSERT_TRUE(user.Wait([&] {
    // Letters flow all the while.
    const std::string payload = "while " + std::to_string(sent++);
    expected.push_back(payload);
    user.bus->Publish(exchange::Priority::kOrdinary, BusUser::Record(kInbox, payload),
                      [&](const BusUser::Result& result) { reported += result.ok() ? 1 : 0; });
    return renewed() == 1 || sent == 20000;
  }));
  EXPECT_EQ(renewed(), 1);
  ASSERT_TRUE(user.Wait([&] { return reported == sent; })) << reported << " of " << sent;
  ASSERT_TRUE(user.Wait([&] { return user.Publish(kInbox, "after").ok(); }));
  expected.push_back("after");
  ASSERT_TRUE(user.WaitForRecords(kInbox, expected.size()));
  std::vector<std::string> got = user.Payloads(kInbox);
  std::sort(got.begin(), got.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(got, expected)
      << "each once; the old producer's last may come after the new one's first";
  EXPECT_EQ(user.telemetry.Total("bus_clients_abandoned"), 0);
}

// That new files are in use shows with one that the broker refuses, and then one it takes.
TEST_F(KafkaCertificatesTest, ARefusedOneIsInUseTooUntilAGoodOneComes) {
  Provision();
  broker().Certificates("--as nec-foreign --foreign-ca issue-authority nec");
  broker().Certificates("--as nec-last --days 99 issue-authority nec");
  BusUser user(nec_);
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  const auto first = user.Publish(kInbox, "first");
  ASSERT_TRUE(first.ok()) << first.status();
  user.Read(kInbox, first->offset);

  Use("nec-foreign");
  ASSERT_TRUE(user.Wait(
      [&] { return !user.outages.empty() && absl::IsUnauthenticated(user.outages.back()); }));
  const std::size_t clusters = user.clusters.size();
  Use("nec-last", /*with_key=*/false);  // the certificate before its key: not taken yet
  EXPECT_TRUE(
      user.Wait([&] { return !user.telemetry.LinesOf("bus.certificate_not_taken").empty(); }));
  Use("nec-last");
  ASSERT_TRUE(user.Wait([&] { return user.clusters.size() > clusters; }));
  // Whoever publishes tries again; a record that was stored although it failed comes twice.
  ASSERT_TRUE(user.Wait([&] { return user.Publish(kInbox, "at last").ok(); }));
  ASSERT_TRUE(user.Wait([&] { return user.Payloads(kInbox).back() == "at last"; }));
  EXPECT_EQ(user.telemetry.Total("bus_clients_abandoned"), 0);
}

TEST_F(KafkaCertificatesTest, WhoIsNotTrustedIsToldWhy) {
  broker().Certificates("--as expired-nec --expired issue-authority nec");
  BusUser expired(broker().WithFiles("expired-nec"));
  ASSERT_TRUE(expired.Wait(
      [&] {
        return !expired.outages.empty() &&
               expired.outages.back().code() == absl::StatusCode::kUnauthenticated;
      },
      10))
      << ::testing::PrintToString(expired.outages);
  EXPECT_TRUE(expired.clusters.empty());

  KafkaOptions wrong_ca = broker().As("nec");
  const std::string clients_ca =
      wrong_ca.ca_file.substr(0, wrong_ca.ca_file.rfind('/')) + "/clients-ca.crt";
  wrong_ca.ca_file = clients_ca;
  BusUser mistrusting(wrong_ca);
  ASSERT_TRUE(mistrusting.Wait(
      [&] {
        return !mistrusting.outages.empty() &&
               mistrusting.outages.back().code() == absl::StatusCode::kUnauthenticated;
      },
      10));
  EXPECT_TRUE(mistrusting.clusters.empty());
}

}  // namespace
}  // namespace exitbus::adapters
