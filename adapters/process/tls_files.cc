#include "adapters/process/tls_files.h"

#include <filesystem>
#include <system_error>

#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

namespace fs = std::filesystem;

constexpr char kCertificate[] = "/certificate.pem";
constexpr char kKey[] = "/key.pem";
constexpr char kCa[] = "/ca.pem";
// Two places in turn; "current" is a link to one of them, so that a reader finds all three of the
// one or all three of the other.
constexpr char kPlaces[2][2] = {"a", "b"};

absl::StatusOr<TlsTexts> ReadTls(const config::v1::Tls& tls) {
  ASSIGN_OR_RETURN(const auto certificate, ReadFile(tls.certificate_file()));
  ASSIGN_OR_RETURN(const auto key, ReadSecretFile(tls.key_file()));
  ASSIGN_OR_RETURN(const auto ca, ReadFile(tls.ca_file()));
  return TlsTexts{certificate, key, ca};
}

config::v1::Tls In(const std::string& folder) {
  config::v1::Tls tls;
  tls.set_certificate_file(folder + kCertificate);
  tls.set_key_file(folder + kKey);
  tls.set_ca_file(folder + kCa);
  return tls;
}

absl::Status Failed(const std::string& folder, const std::error_code& error) {
  return absl::UnavailableError(folder + ": " + error.message());
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsFiles>> TlsFiles::Open(TlsFilesOptions options, absl::Time now) {
  std::unique_ptr<TlsFiles> files(new TlsFiles(std::move(options)));
  const auto before = ReadTls(files->in_force());
  if (before.ok()) files->texts_ = *before;
  const auto refreshed = files->Refresh(now);
  if (!refreshed.ok() && !before.ok()) return refreshed.status();
  return files;
}

absl::StatusOr<bool> TlsFiles::Refresh(absl::Time now) {
  ASSIGN_OR_RETURN(const auto read, ReadGood(now));
  if (read == texts_) return false;
  RETURN_IF_ERROR(TakeIntoUse(read));
  texts_ = read;
  return true;
}

config::v1::Tls TlsFiles::in_force() const { return In(Current()); }

absl::StatusOr<TlsTexts> TlsFiles::ReadGood(absl::Time now) const {
  const auto read = ReadTls(options_.configured);
  if (!read.ok()) return read.status();
  Mistakes mistakes;
  CheckTls(options_.field, *read, options_.authority, options_.use, now, mistakes);
  const config::v1::Tls& at = options_.configured;
  const absl::Status checked =
      mistakes.ToStatus(at.certificate_file() + ", " + at.key_file() + ", " + at.ca_file());
  if (!checked.ok()) return checked;
  return read;
}

absl::Status TlsFiles::TakeIntoUse(const TlsTexts& texts) {
  std::error_code error;
  const fs::path used = fs::read_symlink(Current(), error);
  const std::string place = used == kPlaces[0] ? kPlaces[1] : kPlaces[0];
  const std::string folder = options_.folder + "/" + place;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  if (!error) fs::permissions(options_.folder, fs::perms::owner_all, error);
  if (error) return Failed(folder, error);
  const config::v1::Tls to = In(folder);
  for (const auto& [path, text] :
       {std::pair(to.certificate_file(), texts.certificate), std::pair(to.key_file(), texts.key),
        std::pair(to.ca_file(), texts.ca)}) {
    RETURN_IF_ERROR(WriteNewSecretFile(path, text));
  }
  const std::string fresh = Current() + ".new";
  fs::remove(fresh, error);
  fs::create_symlink(place, fresh, error);
  if (!error) fs::rename(fresh, Current(), error);
  if (error) return Failed(Current(), error);
  if (!used.empty()) fs::remove_all(options_.folder + "/" + used.string(), error);
  return absl::OkStatus();
}

}  // namespace exitbus::adapters
