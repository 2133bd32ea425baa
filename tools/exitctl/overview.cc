#include "tools/exitctl/overview.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "adapters/system/shown.h"
#include "services/exchange/proto_time.h"
#include "tools/exitctl/colours.h"
#include "tools/exitctl/names.h"
#include "tools/exitctl/text_table.h"

namespace exitbus::exitctl {
namespace {

namespace ov1 = operations::v1;
using exchange::FromProto;

constexpr absl::Duration kEndsSoon = absl::Hours(14 * 24);
// As the contract has it of State: what waits so long is stuck.
constexpr absl::Duration kStuckAfter = absl::Minutes(1);

struct Line {
  Colour colour = Colour::kPlain;
  std::vector<std::string> cells;
};

std::string Name(const google::protobuf::EnumDescriptor& type, int value) {
  const auto* named = type.FindValueByNumber(value);
  return named == nullptr || value == 0 ? "" : ShortName(*named);
}

std::string AgeOf(absl::Time since, absl::Time now) {
  return absl::FormatDuration(
      std::max(absl::ZeroDuration(), absl::Trunc(now - since, absl::Seconds(1))));
}

std::string CountOf(const ov1::Waiting& waiting) {
  if (waiting.has_unknown()) return "?";
  if (!waiting.has_known()) return "";
  return absl::StrCat(waiting.known().count(), waiting.known().at_least() ? "+" : "");
}

std::string CountOf(const ov1::Count& count) {
  if (count.has_unknown()) return "?";
  return count.figure_case() == ov1::Count::kKnown ? absl::StrCat(count.known()) : "";
}

Colour ColourOf(ov1::State state) {
  switch (state) {
    case ov1::STATE_STUCK:
      return Colour::kRed;
    case ov1::STATE_WAITING:
      return Colour::kYellow;
    case ov1::STATE_FINE:
      return Colour::kPlain;
    default:
      return Colour::kDim;
  }
}

std::string NameOf(ov1::State state) {
  return state == ov1::STATE_UNSPECIFIED ? "unknown" : Name(*ov1::State_descriptor(), state);
}

// Of what waits in a channel though nobody means it to.
std::optional<absl::Time> OldestOf(const ov1::ChannelFigures& channel) {
  std::optional<absl::Time> oldest;
  for (const ov1::Waiting* waiting :
       {&channel.on_the_way(), &channel.unreceipted(), &channel.held(), &channel.parked()}) {
    if (!waiting->known().has_oldest()) continue;
    const absl::Time since = FromProto(waiting->known().oldest());
    oldest = oldest ? std::min(*oldest, since) : since;
  }
  return oldest;
}

Line LineOf(const ov1::ChannelFigures& channel, absl::Time now) {
  const std::optional<absl::Time> oldest = OldestOf(channel);
  const bool is_known = channel.unreceipted().has_known();
  const ov1::State state = !is_known                     ? ov1::STATE_UNSPECIFIED
                           : !oldest                     ? ov1::STATE_FINE
                           : now - *oldest < kStuckAfter ? ov1::STATE_WAITING
                                                         : ov1::STATE_STUCK;
  return {ColourOf(state),
          {"", Name(*policy::v1::Channel_descriptor(), channel.channel()), NameOf(state),
           oldest ? AgeOf(*oldest, now) : "", CountOf(channel.delayed()),
           CountOf(channel.on_the_way()), CountOf(channel.unreceipted()), CountOf(channel.held()),
           CountOf(channel.parked()), CountOf(channel.dead()), CountOf(channel.unread()), ""}};
}

std::vector<Line> LinesOf(const ov1::AuthorityRow& row, absl::Time now) {
  std::vector<Line> lines;
  const auto add = [&](const std::string& authority, const std::string& stream, ov1::State state,
                       const std::string& oldest, const std::string& failure) {
    lines.push_back(
        {ColourOf(state),
         {authority, stream, NameOf(state), oldest, "", "", "", "", "", "", "", failure}});
  };
  add(adapters::Shown(row.authority()), "all", row.state(), "",
      Name(*ov1::FailureClass_descriptor(), row.failure()));
  const ov1::CommonView& secret = row.secret();
  add("", "secret ones", secret.state(), Name(*ov1::AgeStep_descriptor(), secret.oldest()),
      Name(*ov1::FailureClass_descriptor(), secret.failure()));
  for (const auto& channel : row.channels()) lines.push_back(LineOf(channel, now));
  return lines;
}

// What is to be mended, a line each.
class Alarms {
 public:
  void Add(const std::string& of, const std::string& what) {
    lines_.push_back({Colour::kRed, {adapters::Shown(of), adapters::Shown(what)}});
  }
  void AddCount(const std::string& of, const ov1::Count& count, const char* what) {
    if (count.known() > 0) Add(of, absl::StrCat(count.known(), " ", what));
  }
  const std::vector<Line>& lines() const { return lines_; }

 private:
  std::vector<Line> lines_;
};

void AddAlarms(const ov1::AuthorityRow& row, absl::Time now, Alarms& alarms) {
  const std::string& of = row.authority();
  if (row.presence() == ov1::PRESENCE_SILENT) {
    alarms.Add(of, "silent for " + AgeOf(FromProto(row.presence_since()), now));
  }
  if (row.state() == ov1::STATE_STUCK) {
    alarms.Add(of, "stuck: " + Name(*ov1::FailureClass_descriptor(), row.failure()));
  }
  for (const auto& paper : row.papers()) {
    const std::string kind = Name(*ov1::PaperKind_descriptor(), paper.kind());
    const absl::Time ends = FromProto(paper.ends());
    // A sealing key is made anew each month.
    const bool ends_soon =
        ends <
        now + (paper.kind() == ov1::PAPER_KIND_SEALING_KEY ? absl::ZeroDuration() : kEndsSoon);
    if (ends_soon) {
      alarms.Add(of,
                 absl::StrCat(kind, " ends ",
                              absl::FormatTime("%Y-%m-%d %H:%M UTC", ends, absl::UTCTimeZone())));
    }
    if (paper.replacement_refused()) alarms.Add(of, kind + ": what replaces it is refused");
  }
  alarms.AddCount(of, row.clocks_over_five_minutes(), "peers' clocks are over five minutes apart");
  alarms.AddCount(of, row.unreadable_rows(), "stored rows cannot be read");
  alarms.AddCount(of, row.stopped_correspondences(), "correspondences have stopped");
  alarms.AddCount(of, row.letters_awaiting_upgrade(), "letters wait for an upgrade");
}

void AddAlarms(const ov1::ExchangeRow& exchange, Alarms& alarms) {
  const char* of = "the exchange";
  if (!exchange.broker_reached()) {
    alarms.Add(of, "the console reaches no broker: " + exchange.broker_failure());
  }
  alarms.AddCount(of, exchange.topics_missing(), "topics are missing");
  alarms.AddCount(of, exchange.topics_unlisted(), "topics are of no listed authority");
  alarms.AddCount(of, exchange.topics_under_replicated(), "topics lack replicas");
  if (exchange.traces_refused() > 0) {
    alarms.Add(of, absl::StrCat(exchange.traces_refused(), " traces were signed by nobody listed"));
  }
}

std::string Table(std::vector<std::string> heads, const std::vector<Line>& lines, bool coloured) {
  std::vector<std::vector<std::string>> rows = {std::move(heads)};
  for (const Line& line : lines) rows.push_back(line.cells);
  const std::string plain = TextTable(rows);
  if (!coloured) return plain;
  std::vector<std::string> texts = absl::StrSplit(plain, '\n', absl::SkipEmpty());
  std::string text = In(Colour::kDim, texts[0]) + "\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    absl::StrAppend(&text, In(lines[i].colour, texts[i + 1]), "\n");
  }
  return text;
}

template <class Rows, class Key>
void Replace(std::map<std::string, Key>& known, const Rows& rows,
             const std::string& (Key::*name)() const) {
  for (const auto& row : rows) known[(row.*name)()] = row;
}

}  // namespace

void Overview::Take(const ov1::GetOverviewResponse& all) {
  authorities_.clear();
  streams_.clear();
  Replace(authorities_, all.authorities(), &ov1::AuthorityRow::authority);
  Replace(streams_, all.streams(), &ov1::StreamRow::topic);
  exchange_ = all.exchange();
  time_ = FromProto(all.time());
}

void Overview::Take(const ov1::WatchOverviewResponse& told) {
  if (told.marker() == watch::v1::MARKER_SNAPSHOT_BEGINS) {
    authorities_.clear();
    streams_.clear();
  }
  Replace(authorities_, told.authorities(), &ov1::AuthorityRow::authority);
  Replace(streams_, told.streams(), &ov1::StreamRow::topic);
  if (told.has_exchange()) exchange_ = told.exchange();
  if (told.has_time()) time_ = FromProto(told.time());
}

std::string Overview::AsText(absl::Time now, bool coloured) const {
  Alarms alarms;
  AddAlarms(exchange_, alarms);
  std::vector<Line> lines;
  for (const auto& [id, row] : authorities_) {
    AddAlarms(row, now, alarms);
    for (Line& line : LinesOf(row, now)) lines.push_back(std::move(line));
  }
  std::string text =
      absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", now, absl::UTCTimeZone()), ", ",
                   authorities_.size(), " authorities, ", streams_.size(), " topics, directory ",
                   exchange_.directory_version(), ", broker ",
                   exchange_.broker_reached() ? "reached" : "not reached", "\n\n");
  if (!alarms.lines().empty()) {
    absl::StrAppend(&text, Table({"alarm of", ""}, alarms.lines(), coloured), "\n");
  }
  return text + Table({"authority", "stream", "state", "oldest", "delayed", "leaving",
                       "unreceipted", "held", "parked", "dead", "unread", "failure"},
                      lines, coloured);
}

}  // namespace exitbus::exitctl
