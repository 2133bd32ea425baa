// The part of Process that looks, while it runs, at what operators change in files, and ends it
// where it cannot go on.
#include <signal.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "adapters/process/process.h"
#include "adapters/web/web_server.h"
#include "exitbus/config/v1/keys.pb.h"
#include "exitbus/recovery/v1/order.pb.h"

namespace exitbus::adapters {
namespace {

constexpr absl::Duration kSealingKeyAgeMax = absl::Hours(30 * 24);
constexpr absl::Duration kReportedAgainAfter = absl::Hours(24);
constexpr unsigned kEndWithinS = 20;

// As Prometheus tells an instant.
double InstantOf(absl::Time time) { return absl::ToDoubleSeconds(time - absl::UnixEpoch()); }

}  // namespace

void Process::Every(absl::Duration period, void (Process::*look)()) {
  (this->*look)();
  executor_->PostAfter(period, [this, period, look] { Every(period, look); });
}

void Process::TellReload(const char* file, const absl::StatusOr<bool>& refreshed) {
  if (refreshed.ok() && !*refreshed) return;
  telemetry()->Count("file_reloads",
                     {{"file", file}, {"outcome", refreshed.ok() ? "taken" : "refused"}});
}

void Process::KeepDirectoryFresh() {
  const auto refreshed = directory_->Refresh();
  TellReload("directory", refreshed);
  TellRefused("directory.refused", refreshed.status());
  if (refreshed.value_or(false)) {
    const absl::Status kept =
        store_->Commit(exchange::Durability::kDurable,
                       {{exchange::Table::kMeta, kAcceptedDirectory, directory_->accepted()}});
    telemetry()->Log(kept.ok() ? exchange::Severity::kInfo : exchange::Severity::kError,
                     "directory.renewed", {{"version", std::to_string(directory_->version())}});
  }
  telemetry()->Set("directory.refused", {}, refreshed.ok() ? 0 : 1);
  telemetry()->Set("directory.end_timestamp_seconds", {}, InstantOf(directory_->expires()));
}

void Process::KeepKeysFresh() {
  const auto refreshed = keys_->Refresh();
  TellReload("keys", refreshed);
  TellRefused("keys.refused", refreshed.status());
  if (refreshed.value_or(false)) {
    TellRefused("keys.not_kept", keys_->Keep());
    exchange::Secrets secrets = keys_->Secrets();
    telemetry()->Log(exchange::Severity::kInfo, "keys.renewed",
                     {{"sealing_keys", std::to_string(secrets.sealing.size())}});
    core_->SetSealingKeys(std::move(secrets.sealing));
  }
  telemetry()->Set("keys.refused", {}, refreshed.ok() ? 0 : 1);
  const absl::Time now = clock_.Now();
  const absl::Time created =
      absl::FromUnixSeconds(keys_->keys().sealing_keys(0).created().seconds());
  telemetry()->Set("keys.sealing_key_created_timestamp_seconds", {}, InstantOf(created));
  const absl::Duration age = now - created;
  if (age > kSealingKeyAgeMax && now - reported_old_key_ >= kReportedAgainAfter) {
    reported_old_key_ = now;
    telemetry()->Log(exchange::Severity::kWarning, "keys.sealing_key_old",
                     {{"days", std::to_string(absl::ToInt64Hours(age) / 24)},
                      {"remedy", "exitctl keys renew, and later exitctl keys retire"}});
  }
}

void Process::TakeOrders() {
  orders_.Take([this](const recovery::v1::Order& order) { return core_->TakeOrder(order); },
               telemetry());
}

void Process::KeepClockFresh() {
  const auto refreshed = development_clock_->Refresh();
  if (!refreshed.ok()) {
    telemetry()->Log(exchange::Severity::kError, "development_clock.refused",
                     {{"why", std::string(refreshed.status().message())}});
  }
  telemetry()->Set("development_clock.ahead_seconds", {},
                   absl::ToDoubleSeconds(development_clock_->Now() - clock_.Now()));
}

void Process::KeepRevokedClientsFresh() {
  const RevokedClientsFile::Look look = revoked_clients_->Refresh();
  if (look.refused.ok()) {
    TellReload("revoked_clients", look.changed);
  } else {
    TellReload("revoked_clients", look.refused);
  }
  TellRefused("revoked_clients.refused", look.refused);
  if (look.changed) {
    admission_->SetRevoked(revoked_clients_->listed());
    server_->EndRevokedWatches();
    if (web_) web_->EndRevokedWatches();
    telemetry()->Log(exchange::Severity::kInfo, "revoked_clients.renewed",
                     {{"listed", std::to_string(revoked_clients_->listed().size())}});
  }
  telemetry()->Set("revoked_clients.refused", {}, look.refused.ok() ? 0 : 1);
}

void Process::KeepTlsFresh() {
  KeepFresh(*api_tls_, "api");
  KeepFresh(*kafka_tls_, "kafka");
}

void Process::KeepFresh(TlsFiles& files, const char* what) {
  const auto refreshed = files.Refresh(clock_.Now());
  TellReload(&files == api_tls_.get() ? "api_tls" : "kafka_tls", refreshed);
  TellRefused("certificates.refused", refreshed.status());
  if (refreshed.value_or(false)) {
    telemetry()->Log(exchange::Severity::kInfo, "certificates.renewed", {{"of", what}});
    if (web_ && &files == api_tls_.get()) {
      TellRefused("certificates.refused", web_->RenewCertificates());
    }
  }
  telemetry()->Set("certificates.refused", {{"of", what}}, refreshed.ok() ? 0 : 1);
  for (const auto& [paper, pem] :
       {std::pair("certificate", files.texts().certificate), std::pair("ca", files.texts().ca)}) {
    int number = 0;
    for (const absl::Time end : EndsOf(pem)) {
      telemetry()->Set("certificates.end_timestamp_seconds",
                       {{"of", what}, {"paper", paper}, {"number", std::to_string(++number)}},
                       InstantOf(end));
    }
  }
}

void Process::EndUnaccepting() {
  telemetry()->Log(exchange::Severity::kError, "api.ended_not_accepting",
                   {{"remedy", "let a supervisor start it anew"}});
  accepts_ = false;
  EndSoon();
}

void Process::EndTakenOver() {
  if (!owns_store_.exchange(false)) return;
  telemetry()->Log(exchange::Severity::kError, "store.taken_over",
                   {{"remedy",
                     "another process has opened this data folder's store; let one of "
                     "the two run, and keep the file \"lock\" in the folder"}});
  EndSoon();
}

void Process::EndSoon() {
  alarm(kEndWithinS);  // should ending in good order hang as well
  kill(getpid(), SIGTERM);
}

}  // namespace exitbus::adapters
