// What an operator does to a deployment while it runs, with exitctl, and what its services say to
// it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "tests/story/cast.h"

namespace exitbus::story {

// What `member`'s service logs from now on.
class Log {
 public:
  explicit Log(const Member& member);
  // Waits for a line of this event with `part` in it; false after 40 s.
  [[nodiscard]] bool Await(const std::string& event, const std::string& part = "") const;

 private:
  const std::string file_;
  const std::size_t from_;
};

class Operator {
 public:
  Operator();

  // Runs it to its end; a failure fails the test.
  void Exitctl(const std::vector<std::string>& words);
  std::string keys(const Member& member) const;

  // The directory in its file, with the next version number, to be changed and signed.
  directory::v1::Directory Next() const;
  // Signed by these signers (1 to 3 are the deployment's).
  std::string Signed(const directory::v1::Directory& directory, const std::vector<int>& signers);
  // Signs, replaces the file and waits until every service took it; false if one did not.
  [[nodiscard]] bool Publish(const directory::v1::Directory& directory);
  [[nodiscard]] bool SetStatus(const std::string& authority, directory::v1::AuthorityStatus status);
  void NewSigner(int number);
  std::string SignerKey(int number);
  // Who signs from now on, in all tests.
  static void SetSigners(const std::vector<int>& signers);

  // Whether the port shows just this certificate.
  [[nodiscard]] bool ServesCertificate(int port, const std::string& certificate_file);

  // Looks until it holds; false after 40 s.
  [[nodiscard]] static bool Eventually(const std::function<bool()>& holds);

 private:
  std::string SignerFile(int number);
  std::string At(const std::string& name) const { return folder_ + "/" + name; }

  const std::string folder_;
};

}  // namespace exitbus::story
