// Pages of a folder, and nothing that lies beside them.
#include <fstream>

#include "absl/strings/str_cat.h"
#include "adapters/memory/test_folder.h"
#include "adapters/web/gzip.h"
#include "adapters/web/web_fixture_testing.h"

namespace exitbus::adapters {
namespace {

namespace fs = std::filesystem;

class WebFilesTest : public WebFixture {
 protected:
  void SetUp() override {
    fs::create_directories(pages_ / "assets");
    Write(pages_ / "index.html", "<!doctype html>");
    Write(pages_ / "assets" / "main-1a2b.js", std::string(5000, ' '));
    Write(pages_ / "assets" / "data.bin", "no listed type");
    Write(pages_ / ".hidden.html", "hidden");
    Write(fs::path(folder_.path()) / "secret.txt", "secret");
    fs::create_symlink(fs::path(folder_.path()) / "secret.txt", pages_ / "link.txt");
    fs::create_directory_symlink(folder_.path(), pages_ / "out");
    fs::create_directory(pages_ / "folder.html");
    WebServerOptions options = Options();
    options.files_folder = pages_;
    Start(options);
  }
  static void Write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

  const TestFolder folder_;
  const fs::path pages_ = fs::path(folder_.path()) / "pages";
};

TEST_F(WebFilesTest, ServesWhatLiesThereByItsType) {
  const auto client = Client();
  const HttpsReply page = client->Get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<!doctype html>");
  EXPECT_EQ(page.Header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.Header("x-content-type-options"), "nosniff");
  const HttpsReply script = client->Get("/assets/main-1a2b.js?v=1", {{"accept-encoding", "gzip"}});
  EXPECT_EQ(script.Header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Gunzipped(script.body, 10'000).value_or(""), std::string(5000, ' '));
}

TEST_F(WebFilesTest, ServesNothingElse) {
  const auto client = Client();
  for (const char* path :
       {"/missing.html", "/assets", "/assets/", "/assets/data.bin", "/.hidden.html", "/link.txt",
        "/out/secret.txt", "/folder.html", "/../secret.txt", "/assets/../../secret.txt",
        "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt", "/assets//main-1a2b.js",
        "/a/b/c/d/e/f/g/h/i/j.html", "/index.html%00.txt", "/index"}) {
    const HttpsReply reply = client->Get(path);
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_EQ(reply.body.find("secret"), std::string::npos) << path;
  }
  EXPECT_EQ(client->Ask("PUT /index.html", {}, "x").status, 405);
}

}  // namespace
}  // namespace exitbus::adapters
