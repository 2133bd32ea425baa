#include "services/console/board.h"

#include <utility>

#include "exitbus/operations/v1/operations_service.pb.h"
#include "services/console/common_view.h"
#include "services/console/rows.h"
#include "services/console/world.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;

template <class Row>
struct Variant {
  Row row;
  std::string bytes;
  std::uint64_t version = 0;
};

// A row for its own operator and for everybody.
template <class Row>
struct Shown {
  Variant<Row> own;
  Variant<Row> common;

  const Variant<Row>& To(bool operates) const { return operates ? own : common; }
};

// True: it is another row than before.
template <class Row>
void Show(Variant<Row>& variant, Row row, std::uint64_t next, bool& changed) {
  std::string bytes = row.SerializeAsString();
  if (bytes == variant.bytes) return;
  variant = {std::move(row), std::move(bytes), next};
  changed = true;
}

}  // namespace

struct Board::Rows {
  std::map<std::string, Shown<ov1::AuthorityRow>> authorities;
  std::map<std::string, Shown<ov1::StreamRow>> streams;
  Variant<ov1::ExchangeRow> exchange;
  std::map<std::string, ov1::CommonView> common;  // by authority, of the last time all were made
};

Board::Board(World* world) : world_(world), rows_(std::make_unique<Rows>()) {}
Board::~Board() = default;

std::set<std::string> Board::Due(absl::Time now) {
  std::set<std::string> due = world_->reports.TakeChanged();
  const bool turned = broker_reached_ != world_->broker_reached;
  broker_reached_ = world_->broker_reached;
  const bool all = turned || now - common_at_ >= kCommonEvery || now < common_at_ ||
                   directory_content_ != world_->directory->content();
  for (const auto& entry : world_->directory->All()) {
    const int presence = world_->reports.PresenceOf(entry->id, now);
    if (all || std::exchange(presences_[entry->id], presence) != presence) due.insert(entry->id);
  }
  if (all) MakeCommonAnew(now);
  return due;
}

void Board::MakeCommonAnew(absl::Time now) {
  common_at_ = now;
  directory_content_ = world_->directory->content();
  NoteUnread(*world_, now);
  rows_->common.clear();
  for (const auto& entry : world_->directory->All()) {
    rows_->common[entry->id] = CommonViewOf(*world_, *entry, now);
  }
}

void Board::MakeAuthorities(const std::set<std::string>& due, absl::Time now) {
  bool changed = false;
  for (const std::string& authority : due) {
    const auto entry = world_->directory->Find(authority);
    if (!entry) continue;
    const ov1::CommonView live = CommonViewOf(*world_, *entry, now);
    ov1::CommonView& common = rows_->common[authority];
    // Whether anything is known is no secret, and is told at once.
    if (live.has_unknown() || common.has_unknown()) common = live;
    auto& shown = rows_->authorities[authority];
    Show(shown.own, AuthorityRowOf(*world_, *entry, live, For::kOwnOperator, now), version_ + 1,
         changed);
    Show(shown.common, AuthorityRowOf(*world_, *entry, common, For::kEverybody, now), version_ + 1,
         changed);
  }
  if (changed) ++version_;
}

void Board::MakeStreams(const std::set<std::string>& due, absl::Time now) {
  bool changed = false;
  for (const Stream& stream : StreamsOf(*world_)) {
    if (!due.contains(stream.reader)) continue;
    auto& shown = rows_->streams[stream.topic];
    Show(shown.own, StreamRowOf(*world_, stream, For::kOwnOperator, now), version_ + 1, changed);
    Show(shown.common, StreamRowOf(*world_, stream, For::kEverybody, now), version_ + 1, changed);
  }
  if (changed) ++version_;
}

void Board::DropUnlisted() {
  const auto unlisted = [this](const std::string& authority) {
    return world_->directory->Find(authority) == nullptr;
  };
  std::size_t gone =
      std::erase_if(rows_->authorities, [&](const auto& named) { return unlisted(named.first); });
  gone += std::erase_if(rows_->streams,
                        [&](const auto& named) { return unlisted(named.second.own.row.reader()); });
  if (gone > 0) gone_at_ = ++version_;
}

void Board::Refresh(absl::Time now) {
  const bool new_directory = directory_content_ != world_->directory->content();
  const std::set<std::string> due = Due(now);
  MakeAuthorities(due, now);
  MakeStreams(due, now);
  if (new_directory) DropUnlisted();
  bool changed = false;
  Show(rows_->exchange, ExchangeRowOf(*world_), version_ + 1, changed);
  if (changed) ++version_;
}

void Board::Tell(std::string_view authority, ov1::GetOverviewResponse& all) const {
  for (const auto& [id, shown] : rows_->authorities) {
    *all.add_authorities() = shown.To(id == authority).row;
  }
  for (const auto& [topic, shown] : rows_->streams) {
    *all.add_streams() = shown.To(shown.own.row.reader() == authority).row;
  }
  *all.mutable_exchange() = rows_->exchange.row;
}

bool Board::TellSince(std::string_view authority, std::uint64_t version,
                      ov1::WatchOverviewResponse& changed) const {
  for (const auto& [id, shown] : rows_->authorities) {
    const auto& variant = shown.To(id == authority);
    if (variant.version > version) *changed.add_authorities() = variant.row;
  }
  for (const auto& [topic, shown] : rows_->streams) {
    const auto& variant = shown.To(shown.own.row.reader() == authority);
    if (variant.version > version) *changed.add_streams() = variant.row;
  }
  if (rows_->exchange.version > version) *changed.mutable_exchange() = rows_->exchange.row;
  return changed.authorities_size() + changed.streams_size() > 0 || changed.has_exchange();
}

}  // namespace exitbus::console
