#include "tests/separation/kafka_wire.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::story {
namespace {

// Requests by their number, each in the oldest version that the broker still speaks.
enum Api {
  kProduce = 0,
  kFetch = 1,
  kListOffsets = 2,
  kMetadata = 3,
  kOffsetFetch = 9,
  kHeartbeat = 12,
  kCreateTopics = 19,
  kDeleteTopics = 20,
  kDeleteRecords = 21,
  kAlterConfigs = 33,
  kDeleteGroups = 42
};

constexpr int kLimitMs = 10000;
constexpr int kBytesMax = 16 << 20;
constexpr int kEarliest = -2;
// A topic, in a request about configurations.
constexpr int kTopic = 2;

template <class Append>
ByteWriter& Array(ByteWriter& request, const std::vector<std::string>& names, Append append) {
  request.Int32(static_cast<std::int64_t>(names.size()));
  for (const std::string& name : names) append(name);
  return request;
}

// Names with an error code behind each, as many answers are.
template <class Rest>
absl::StatusOr<WireErrors> Errors(ByteReader& answer, Rest rest) {
  WireErrors errors;
  for (int left = answer.Int32(); left > 0 && answer.ok(); --left) rest(answer, errors);
  if (!answer.ok()) return absl::InternalError("the broker's answer cannot be read");
  return errors;
}

void NameAndError(ByteReader& answer, WireErrors& errors) {
  const std::string name = answer.String();
  errors[name] = answer.Int16();
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaWire>> KafkaWire::Connect(const TlsOptions& options) {
  ASSIGN_OR_RETURN(auto socket, TlsSocket::Connect(options));
  return std::unique_ptr<KafkaWire>(new KafkaWire(std::move(socket)));
}

absl::StatusOr<ByteReader> KafkaWire::Ask(int api, int version, const ByteWriter& request) {
  ByteWriter head;
  head.Int16(api).Int16(version).Int32(++correlation_).String("separation_test");
  RETURN_IF_ERROR(socket_->Write(ByteWriter().Bytes(head.bytes() + request.bytes()).bytes()));
  ASSIGN_OR_RETURN(const std::string size, socket_->Read(4));
  ASSIGN_OR_RETURN(answer_, socket_->Read(static_cast<std::size_t>(ByteReader(size).Int32())));
  ByteReader answer(answer_);
  if (answer.Int32() != correlation_) return absl::InternalError("an answer to something else");
  return answer;
}

absl::StatusOr<WireErrors> KafkaWire::Describe(const std::vector<std::string>& topics) {
  ByteWriter request;
  Array(request, topics, [&](const std::string& topic) { request.String(topic); }).Int8(0);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kMetadata, 4, request));
  answer.Int32();
  for (int brokers = answer.Int32(); brokers > 0; --brokers) {
    answer.Int32();
    answer.String();
    answer.Int32();
    answer.String();
  }
  answer.String();
  answer.Int32();
  return Errors(answer, [](ByteReader& in, WireErrors& errors) {
    const int error = in.Int16();
    errors[in.String()] = error;
    in.Int8();
    for (int partitions = in.Int32(); partitions > 0; --partitions) {
      in.Int16();
      in.Int32();
      in.Int32();
      for (int lists = 2; lists > 0; --lists) in.Raw(4 * in.Int32());
    }
  });
}

absl::StatusOr<WireErrors> KafkaWire::Read(const std::vector<std::string>& topics) {
  ByteWriter request;
  request.Int32(-1).Int32(0).Int32(0).Int32(kBytesMax).Int8(0);
  Array(request, topics, [&](const std::string& topic) {
    request.String(topic).Int32(1).Int32(0).Int64(0).Int32(1024);
  });
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kFetch, 4, request));
  answer.Int32();
  return Errors(answer, [](ByteReader& in, WireErrors& errors) {
    const std::string topic = in.String();
    for (int partitions = in.Int32(); partitions > 0; --partitions) {
      in.Int32();
      errors[topic] = in.Int16();
      in.Raw(8 + 8);
      for (int aborted = in.Int32(); aborted > 0; --aborted) in.Raw(8 + 8);
      in.Bytes();
    }
  });
}

absl::StatusOr<WireErrors> KafkaWire::Write(const std::vector<std::string>& topics,
                                            const WireRecord& record) {
  const std::string batch = ToBatch(record);
  ByteWriter request;
  request.NoString().Int16(-1).Int32(kLimitMs);
  Array(request, topics,
        [&](const std::string& topic) { request.String(topic).Int32(1).Int32(0).Bytes(batch); });
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kProduce, 3, request));
  return Errors(answer, [](ByteReader& in, WireErrors& errors) {
    const std::string topic = in.String();
    for (int partitions = in.Int32(); partitions > 0; --partitions) {
      in.Int32();
      errors[topic] = in.Int16();
      in.Raw(8 + 8);
    }
  });
}

absl::StatusOr<WireErrors> KafkaWire::Create(const std::vector<std::string>& topics) {
  ByteWriter request;
  Array(request, topics, [&](const std::string& topic) {
    request.String(topic).Int32(1).Int16(1).Int32(0).Int32(0);
  });
  request.Int32(kLimitMs).Int8(1);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kCreateTopics, 2, request));
  answer.Int32();
  return Errors(answer, [](ByteReader& in, WireErrors& errors) {
    NameAndError(in, errors);
    in.String();
  });
}

absl::StatusOr<WireErrors> KafkaWire::Alter(const std::vector<std::string>& topics) {
  ByteWriter request;
  Array(request, topics, [&](const std::string& topic) {
    request.Int8(kTopic).String(topic).Int32(1).String("retention.ms").String("1");
  });
  request.Int8(1);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kAlterConfigs, 0, request));
  answer.Int32();
  return Errors(answer, [](ByteReader& in, WireErrors& errors) {
    const int error = in.Int16();
    in.String();
    in.Int8();
    errors[in.String()] = error;
  });
}

absl::StatusOr<WireErrors> KafkaWire::Delete(const std::vector<std::string>& topics) {
  ByteWriter request;
  Array(request, topics, [&](const std::string& topic) { request.String(topic); });
  request.Int32(kLimitMs);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kDeleteTopics, 1, request));
  answer.Int32();
  return Errors(answer, NameAndError);
}

absl::StatusOr<WireErrors> KafkaWire::ReadGroups(const std::vector<std::string>& groups) {
  WireErrors errors;
  for (const std::string& group : groups) {
    ByteWriter request;
    request.String(group).Int32(1).String("nobody");
    ASSIGN_OR_RETURN(ByteReader answer, Ask(kHeartbeat, 0, request));
    errors[group] = answer.Int16();
  }
  return errors;
}

absl::StatusOr<WireErrors> KafkaWire::DescribeGroups(const std::vector<std::string>& groups) {
  WireErrors errors;
  for (const std::string& group : groups) {
    ByteWriter request;
    request.String(group).Int32(-1);
    ASSIGN_OR_RETURN(ByteReader answer, Ask(kOffsetFetch, 2, request));
    if (answer.Int32() > 0) return absl::InternalError("there are offsets, and nobody made any");
    errors[group] = answer.Int16();
  }
  return errors;
}

absl::StatusOr<WireErrors> KafkaWire::DeleteGroups(const std::vector<std::string>& groups) {
  ByteWriter request;
  Array(request, groups, [&](const std::string& group) { request.String(group); });
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kDeleteGroups, 0, request));
  answer.Int32();
  return Errors(answer, NameAndError);
}

absl::StatusOr<std::int64_t> KafkaWire::Publish(const std::string& topic,
                                                const WireRecord& record) {
  ByteWriter request;
  request.NoString().Int16(-1).Int32(kLimitMs).Int32(1).String(topic).Int32(1).Int32(0);
  request.Bytes(ToBatch(record));
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kProduce, 3, request));
  answer.Int32();
  answer.String();
  answer.Int32();
  answer.Int32();
  if (const int error = answer.Int16(); error != kNone) {
    return absl::InternalError(absl::StrCat("not written: error ", error));
  }
  return answer.Int64();
}

absl::Status KafkaWire::Empty(const std::string& topic) {
  ByteWriter request;
  request.Int32(1).String(topic).Int32(1).Int32(0).Int64(-1).Int32(kLimitMs);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kDeleteRecords, 0, request));
  answer.Raw(4 + 4);
  answer.String();
  answer.Raw(4 + 4 + 8);
  const int error = answer.Int16();
  return error == kNone ? absl::OkStatus()
                        : absl::InternalError(absl::StrCat("not emptied: error ", error));
}

absl::StatusOr<std::int64_t> KafkaWire::FirstOffset(const std::string& topic) {
  ByteWriter request;
  request.Int32(-1).Int32(1).String(topic).Int32(1).Int32(0).Int64(kEarliest);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kListOffsets, 1, request));
  answer.Int32();
  answer.String();
  answer.Raw(4 + 4);
  if (const int error = answer.Int16(); error != kNone) {
    return absl::InternalError(absl::StrCat("not looked at: error ", error));
  }
  answer.Int64();
  return answer.Int64();
}

absl::StatusOr<std::vector<WireRecord>> KafkaWire::ReadFrom(const std::string& topic,
                                                            std::int64_t offset) {
  ByteWriter request;
  request.Int32(-1).Int32(0).Int32(0).Int32(kBytesMax).Int8(0).Int32(1).String(topic).Int32(1);
  request.Int32(0).Int64(offset).Int32(kBytesMax);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kFetch, 4, request));
  answer.Raw(4 + 4);
  answer.String();
  answer.Raw(4 + 4);
  if (const int error = answer.Int16(); error != kNone) {
    return absl::InternalError(absl::StrCat("not read: error ", error));
  }
  answer.Raw(8 + 8);
  for (int aborted = answer.Int32(); aborted > 0; --aborted) answer.Raw(8 + 8);
  std::vector<WireRecord> records = FromBatches(answer.Bytes());
  if (!answer.ok()) return absl::InternalError("the broker's answer cannot be read");
  // A batch is given whole, whatever of it was asked for.
  std::erase_if(records, [offset](const WireRecord& record) { return record.offset < offset; });
  return records;
}

absl::StatusOr<std::vector<WireRecord>> KafkaWire::ReadAll(const std::string& topic) {
  ASSIGN_OR_RETURN(std::int64_t next, FirstOffset(topic));
  std::vector<WireRecord> records;
  while (true) {
    ASSIGN_OR_RETURN(const auto more, ReadFrom(topic, next));
    if (more.empty()) return records;
    records.insert(records.end(), more.begin(), more.end());
    next = records.back().offset + 1;
  }
}

}  // namespace exitbus::story
