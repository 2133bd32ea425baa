#include "services/exchange/outbox_window.h"

#include <algorithm>

#include "services/exchange/damaged_rows.h"
#include "services/exchange/environment.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kPage = 64;  // a row may hold a megabyte

}  // namespace

absl::Status OutboxWindow::Load(absl::Time now) {
  Transaction committed(*environment_);
  const auto take = [this, now](const Row& row) {
    const auto key = OutboxKey::Decode(row.key);
    if (!key) return environment_->damaged->Found(Table::kOutbox, row.key);
    Address& address = addresses_[key->address()];
    ++address.total;
    address.moves = address.held == kRowsMax;
    if (address.moves) return;
    Hold(address, *key, now);
    address.after = row.key;
  };
  committed.ForEach(Table::kOutbox, "", take, kPage);
  return committed.status();
}

OutboxCopy* OutboxWindow::Hold(Address& address, const OutboxKey& key, absl::Time now) {
  const auto [found, is_new] = rows_.try_emplace(key);
  if (is_new) {
    ++address.held;
    found->second.next_try = absl::InfinitePast();
    found->second.back_off = first_back_off_;
    found->second.since = now;
  }
  return &found->second;
}

OutboxCopy* OutboxWindow::Add(const OutboxKey& key, absl::Time now) {
  const OutboxAddress name = key.address();
  Address& address = addresses_[name];
  ++address.total;
  // Those before it may not have gone yet; the window comes to them, and then to this.
  if (address.moves && key.Encode() > address.after) return nullptr;
  if (address.held == kRowsMax) MakeRoomForOne(name, address, now);
  if (address.held < kRowsMax) return Hold(address, key, now);
  BeginWithin(address, absl::ZeroDuration());
  return nullptr;
}

void OutboxWindow::Remove(const OutboxKey& key) {
  const auto address = addresses_.find(key.address());
  if (address == addresses_.end()) return;
  if (rows_.erase(key) > 0) --address->second.held;
  if (--address->second.total == 0) addresses_.erase(address);
}

OutboxCopy* OutboxWindow::Find(const OutboxKey& key) {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : &found->second;
}

std::map<OutboxKey, OutboxCopy>::iterator OutboxWindow::FirstOf(const OutboxAddress& name) {
  // No subject holds this byte, before which none sorts; an empty one sorts as the separator.
  return rows_.lower_bound({{name.channel, name.peer, std::string(1, '\0')}, 0});
}

std::size_t OutboxWindow::total() const {
  std::size_t total = 0;
  for (const auto& [name, address] : addresses_) total += address.total;
  return total;
}

bool OutboxWindow::HasRoom() const {
  return std::any_of(addresses_.begin(), addresses_.end(), [](const auto& named) {
    return named.second.moves && named.second.held <= kRowsMax / 2;
  });
}

void OutboxWindow::BeginAnew(const OutboxAddress& name, Address& address) {
  address.rest = kFirstRest;
  if (address.total == address.held) return;
  // What is under way apart, all of it is read once more, and each row goes once.
  LetGo(name, address, [](const OutboxCopy&) { return true; });
  address.moves = true;
  address.after.clear();
}

void OutboxWindow::BeginAnew() {
  for (auto& [name, address] : addresses_) BeginAnew(name, address);
}

void OutboxWindow::BeginAnew(const std::string& peer) {
  for (auto& [name, address] : addresses_) {
    if (name.peer == peer) BeginAnew(name, address);
  }
}

void OutboxWindow::BeginSoon(const std::string& peer) {
  for (auto& [name, address] : addresses_) {
    if (name.peer == peer) BeginWithin(address, kFirstRest);
  }
}

void OutboxWindow::BeginWithin(Address& address, absl::Duration rest) {
  if (address.moves) {
    address.rest_at_most = std::min(address.rest_at_most, rest);
  } else {
    address.rests_until = std::min(address.rests_until, address.began + rest);
  }
}

void OutboxWindow::MakeRoomForOne(const OutboxAddress& name, Address& address, absl::Time now) {
  for (auto it = FirstOf(name); it != rows_.end() && it->first.address() == name; ++it) {
    const OutboxCopy& copy = it->second;
    if (copy.in_flight || !copy.published || now - *copy.published < first_back_off_) continue;
    rows_.erase(it);
    --address.held;
    return;
  }
}

void OutboxWindow::MakeRoom(const OutboxAddress& name, Address& address) {
  LetGo(name, address, [](const OutboxCopy& copy) {
    return copy.published.has_value() || copy.back_off >= kFailsFor;
  });
}

void OutboxWindow::LetGo(const OutboxAddress& name, Address& address,
                         absl::FunctionRef<bool(const OutboxCopy&)> may_be_sent) {
  for (auto it = FirstOf(name); it != rows_.end() && it->first.address() == name;) {
    const bool goes = !it->second.in_flight && may_be_sent(it->second);
    address.held -= goes ? 1 : 0;
    it = goes ? rows_.erase(it) : std::next(it);
  }
}

void OutboxWindow::TakeIn(Transaction& committed, const OutboxAddress& name, Address& address,
                          absl::Time now) {
  while (address.held < kRowsMax) {
    const std::size_t asked = std::min(kPage, kRowsMax - address.held);
    const auto rows = committed.Scan(Table::kOutbox, name.Prefix(), address.after, asked);
    if (!committed.status().ok()) return;  // from here on, at the next tick
    for (const Row& row : rows) {
      if (const auto key = OutboxKey::Decode(row.key)) Hold(address, *key, now);
    }
    if (rows.size() == asked) {
      address.after = rows.back().key;
      continue;
    }
    address.moves = false;
    address.after.clear();
    address.rests_until = now + std::min(address.rest, address.rest_at_most);
    address.rest = std::min(address.rest * 2, kLastRest);
    address.rest_at_most = kLastRest;
    return;
  }
}

void OutboxWindow::Turn(absl::Time now) {
  Transaction committed(*environment_);
  for (auto& [name, address] : addresses_) {
    if (address.total == address.held) {
      address.moves = false;
      continue;
    }
    // A rest that is longer than any was set by a clock that was ahead.
    if (!address.moves && (now >= address.rests_until || address.rests_until - now > kLastRest)) {
      address.moves = true;
      address.after.clear();
      address.began = now;
    }
    if (!address.moves) continue;
    if (address.held > kRowsMax / 2) MakeRoom(name, address);
    TakeIn(committed, name, address, now);
  }
}

}  // namespace exitbus::exchange
