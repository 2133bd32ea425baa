#include "adapters/http/metric_help.h"

#include <map>

namespace exitbus::adapters {
namespace {

const std::map<std::string_view, std::string_view>& Table() {
  static const auto* table = new std::map<std::string_view, std::string_view>{
      {"api.accepting",
       "Whether the API's listener answered when it was last asked; 0: it is silent"},
      {"api.calls",
       "Calls and watches, by outcome: handled, or the rule that turned the caller away"},
      {"api.handshakes_failed",
       "TLS handshakes that failed: certificates that are not accepted here"},
      {"api.probe_failures", "Times the API's listener did not answer this process's own question"},
      {"api_serving_unread", "Starts that served before all that others had sent was read"},
      {"build_info", "The version of this program; always 1"},
      {"bus.clock_refused", "Records that the broker refused because of their time stamp"},
      {"bus_certificates_renewed", "Times replaced certificates were taken into use towards Kafka"},
      {"bus_clients_abandoned", "Kafka clients that would not end and were left behind"},
      {"bus_cluster_changes", "Times the brokers were found to be another cluster"},
      {"bus_producers_replaced", "Kafka producers that failed for good and were made anew"},
      {"bus_publish_failures", "Records the broker did not take, by Kafka's name of the error"},
      {"bus_read_failures", "Reads of topics that failed, by Kafka's name of the error"},
      {"bus_stalls", "Times a topic had records and none arrived"},
      {"bus_topic_readable", "Whether this own topic can be read"},
      {"bus_up", "Whether a broker answers"},
      {"calls.refused", "Calls that a rule refused, by rule"},
      {"certificates.expires_in_seconds", "Time until this certificate or CA expires"},
      {"certificates.refused",
       "Whether replaced certificates cannot be used as they are; those before stay in force"},
      {"clock.peer_ahead_seconds",
       "How far this peer's clock is ahead of this one, when it last said its time; negative: "
       "behind"},
      {"clock.peer_differs", "Times a peer's word differed from this clock by over five minutes"},
      {"clock.refused_by_broker", "Whether the broker refuses records because this clock is wrong"},
      {"correspondences.stopped",
       "Correspondences that were stopped, by why; nothing goes in them"},
      {"correspondences.stopped_now", "Correspondences that stand still and need an operator"},
      {"dead_letters", "Records that could not be used, by why"},
      {"development_clock.ahead_seconds",
       "How far the development clock is ahead of the machine's"},
      {"directory.expires_in_seconds", "Time until the directory in force expires"},
      {"gang_list.look_ups", "Look-ups in NEC's gang list, by whether it answered"},
      {"grpc.errors", "Errors that gRPC logged; each kind stands in the log once a minute at most"},
      {"holdings.of_another_start", "Answers to a question that was asked at an earlier start"},
      {"hops", "Steps of letters through this authority, by channel, step and class of failure"},
      {"keys.announced", "Sealing keys that peers announced, by what came of it"},
      {"keys.refused",
       "Whether the keys file cannot be used as it is; the keys before stay in force"},
      {"keys.sealing_key_age_seconds", "Age of the sealing key that peers seal to"},
      {"letters.awaiting_upgrade",
       "Letters of a newer version that wait until this side is upgraded"},
      {"letters.fields_left_out",
       "Letters of a newer version that said more than this version knows"},
      {"letters.new_subject_refused",
       "Letters about more new subjects a day than one peer may begin"},
      {"letters.of_newer_version", "Letters of a kind this version does not know, which wait"},
      {"letters.parked_full", "Letters that came too early and found no more room to wait in"},
      {"letters.refused_by_peer", "Letters of this authority that a recipient refused, by rule"},
      {"letters.repeated", "Letters that came again and were recognised"},
      {"letters.too_large", "Letters of this authority that no record can carry"},
      {"letters.without_effect", "Letters that came too late to matter, by name"},
      {"log.lines_lost", "Log lines that were dropped because stderr was not read or not writable"},
      {"log_lines", "Log lines, by severity"},
      {"outbox.paused",
       "Letters that wait because their recipient or this authority may not take part"},
      {"outbox.unaddressed", "Notices to authorities that the directory here does not list yet"},
      {"outbox.unreceipted", "Letters that their recipients have not receipted yet"},
      {"process.descriptors_max", "How many files and connections this process may have open"},
      {"process.descriptors_open", "How many files and connections this process has open"},
      {"process.resident_bytes", "Memory that this process has resident"},
      {"receipts.for_unsent", "Receipts for letters that were never sent from this store"},
      {"records.dropped", "Records that were dropped unread, by why"},
      {"reports", "What the rules report to operators, by event"},
      {"revoked_clients.refused", "Whether the list of revoked clients cannot be used as it is"},
      {"store.behind_letters", "Letters that peers hold and this store does not, or otherwise"},
      {"store.behind_peers", "Peers that hold more of this authority than its store does"},
      {"store.disk_free_bytes", "Room on the data folder's disk, beside the reserve"},
      {"store.disk_full", "Whether the data folder's disk is full: changes are refused"},
      {"store.found_behind", "Times this store was found to be older than what a peer holds"},
      {"store.log_held_bytes", "Length of a store's log that another program's reading keeps long"},
      {"store.trace_left",
       "Whether erased bytes are still in a store's log: somebody reads the file"},
      {"store.trace_retries",
       "Times in vain that erased bytes were to be taken out of a store's log"},
      {"store.unheard_peers", "Peers that have not told since this start what they hold"},
      {"store.unreadable", "Stored rows that were met and could not be read"},
      {"traces.refused",
       "Records on trace topics that no listed authority signed for this console"},
      {"vault.destroy_failures", "Times a key of something erased could not be destroyed"},
      {"vault.keys_to_destroy", "Whether a key of something erased is still there"},
      {"web.connections_turned_away", "Connections of browsers that were more than may be open"},
  };
  return *table;
}

}  // namespace

std::string_view HelpOf(std::string_view metric) {
  const auto found = Table().find(metric);
  return found == Table().end() ? std::string_view() : found->second;
}

std::vector<std::string_view> MetricsWithHelp() {
  std::vector<std::string_view> metrics;
  for (const auto& [metric, help] : Table()) metrics.push_back(metric);
  return metrics;
}

}  // namespace exitbus::adapters
