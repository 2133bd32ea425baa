#include "tests/story/books.h"

#include <sqlite3.h>

#include <functional>
#include <memory>
#include <string_view>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::story {
namespace {

constexpr absl::Duration kLook = absl::Milliseconds(50);
constexpr int kBusyTimeoutMs = 5000;

using exchange::CorrespondenceId;
using EachRow = std::function<void(const std::string& key, const std::string& value)>;

std::string Bytes(sqlite3_stmt* row, int column) {
  return {static_cast<const char*>(sqlite3_column_blob(row, column)),
          static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

absl::Status ForEach(sqlite3* database, const std::string& table, const EachRow& each) {
  sqlite3_stmt* found = nullptr;
  const std::string sql = "SELECT key, value FROM \"" + table + "\"";
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &found, nullptr) != SQLITE_OK) {
    return absl::InternalError(absl::StrCat(table, ": ", sqlite3_errmsg(database)));
  }
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(found, sqlite3_finalize);
  int code = 0;
  while ((code = sqlite3_step(found)) == SQLITE_ROW) each(Bytes(found, 0), Bytes(found, 1));
  return code == SQLITE_DONE ? absl::OkStatus()
                             : absl::InternalError(absl::StrCat(table, ": ", sqlite3_errstr(code)));
}

void TakeSent(Books& books, const std::string& key, const std::string& value) {
  store::v1::CorrespondenceOut row;
  row.ParseFromString(value);
  const auto id = CorrespondenceId::Decode(key);
  if (!id) return;
  books.sent[*id] = {
      row.last_number(), row.head_digest(), row.receipted_through(), row.refused_size(), 0,
      row.stopped()};
}

void TakeReceived(Books& books, const std::string& key, const std::string& value) {
  store::v1::CorrespondenceIn row;
  row.ParseFromString(value);
  const auto id = CorrespondenceId::Decode(key);
  if (!id) return;
  Correspondence& correspondence = books.received[*id];
  correspondence.through = row.through();
  correspondence.head = row.head_digest();
  correspondence.refused = row.refused_size();
  correspondence.stopped = row.stopped();
}

std::uint64_t Sum(const std::map<CorrespondenceId, Correspondence>& all) {
  std::uint64_t sum = 0;
  for (const auto& [key, correspondence] : all) sum += correspondence.through;
  return sum;
}

absl::Status Compare(const std::string& sender, const CorrespondenceId& id,
                     const Correspondence& sent, const AllBooks& books) {
  const std::string name = absl::StrCat(sender, " → ", id.peer, " (channel ", id.channel, ")");
  const Books& theirs = books.at(id.peer);
  const auto found = theirs.received.find({id.channel, sender, id.subject});
  if (found == theirs.received.end()) return absl::InternalError(name + ": nothing arrived");
  const Correspondence& received = found->second;
  if (sent.through != received.through || sent.receipted != sent.through) {
    return absl::InternalError(absl::StrCat(name, ": sent ", sent.through, ", applied ",
                                            received.through, ", receipted ", sent.receipted));
  }
  if (received.outcomes != static_cast<int>(received.through)) {
    return absl::InternalError(absl::StrCat(name, ": ", received.outcomes, " outcomes for ",
                                            received.through, " letters"));
  }
  if (sent.head != received.head || sent.stopped || received.stopped) {
    return absl::InternalError(name + ": the two ends hold different chains");
  }
  if (sent.refused + received.refused > 0) {
    return absl::InternalError(name + ": letters were refused");
  }
  return absl::OkStatus();
}

absl::Status Compare(const AllBooks& books, const std::string& but) {
  for (const auto& [authority, own] : books) {
    if (authority == but) continue;
    for (const auto& [id, sent] : own.sent) {
      if (id.peer != but) RETURN_IF_ERROR(Compare(authority, id, sent, books));
    }
    if (!but.empty()) continue;
    if (own.outbox + own.parked + own.dead_letters > 0) {
      return absl::InternalError(absl::StrCat(authority, ": ", own.outbox, " not receipted, ",
                                              own.parked, " parked, ", own.dead_letters,
                                              " dead letters"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<AllBooks> ReadAll(const Deployment& deployment) {
  AllBooks books;
  for (const Member& member : Cast()) {
    ASSIGN_OR_RETURN(books[member.id], ReadBooks(deployment.places().journal(member)));
  }
  return books;
}

}  // namespace

std::uint64_t Books::letters_sent() const { return Sum(sent); }
std::uint64_t Books::letters_received() const { return Sum(received); }

absl::StatusOr<Books> ReadBooks(const std::string& journal) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(journal.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(opened, sqlite3_close_v2);
  if (code != SQLITE_OK) return absl::InternalError(journal + ": " + sqlite3_errstr(code));
  sqlite3_busy_timeout(opened, kBusyTimeoutMs);
  Books books;
  const auto count = [](int& counter) {
    return [&counter](const std::string&, const std::string&) { ++counter; };
  };
  // One moment for all tables.
  sqlite3_exec(opened, "BEGIN", nullptr, nullptr, nullptr);
  RETURN_IF_ERROR(ForEach(
      opened, "correspondences_out",
      [&](const std::string& key, const std::string& value) { TakeSent(books, key, value); }));
  RETURN_IF_ERROR(ForEach(
      opened, "correspondences_in",
      [&](const std::string& key, const std::string& value) { TakeReceived(books, key, value); }));
  RETURN_IF_ERROR(ForEach(opened, "inbox", [&](const std::string& key, const std::string&) {
    if (const auto letter = exchange::LetterKey::Decode(key)) {
      ++books.received[letter->correspondence].outcomes;
    }
  }));
  RETURN_IF_ERROR(ForEach(opened, "outbox", count(books.outbox)));
  RETURN_IF_ERROR(ForEach(opened, "parked", count(books.parked)));
  RETURN_IF_ERROR(ForEach(opened, "dead_letters", count(books.dead_letters)));
  return books;
}

bool AwaitAllReceipted(const Deployment& deployment, absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (true) {
    const auto books = ReadAll(deployment);
    if (books.ok() &&
        absl::c_all_of(*books, [](const auto& own) { return own.second.outbox == 0; })) {
      return true;
    }
    if (absl::Now() > deadline) return false;
    absl::SleepFor(kLook);
  }
}

absl::StatusOr<AllBooks> CompareBooks(const Deployment& deployment, absl::Duration limit,
                                      const std::string& but) {
  const absl::Time deadline = absl::Now() + limit;
  while (true) {
    ASSIGN_OR_RETURN(AllBooks books, ReadAll(deployment));
    const absl::Status compared = Compare(books, but);
    if (compared.ok()) return books;
    if (absl::Now() > deadline) return compared;
    absl::SleepFor(kLook);
  }
}

}  // namespace exitbus::story
