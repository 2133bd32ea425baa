#!/usr/bin/env bash
# A topic whose cleanup.policy is empty is accepted and keeps everything, whatever its retention says.
# Beside it, the same with "delete". Some two minutes, with a broker on loopback.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
finding 'Apache Kafka 4.2.1' 'accepts an empty cleanup.policy, and deletes nothing under it'
cat >"$work/pom.xml" <<'END'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
  <packaging>pom</packaging><dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.2.1</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies></project>
END
quietly mvn -q -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
  -DoutputDirectory="$work/jars"
ports=($(python3 -c 'import socket
s = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*[x.getsockname()[1] for x in s])'))
cat >"$work/server.properties" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${ports[1]}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${ports[0]},CONTROLLER://127.0.0.1:${ports[1]}
advertised.listeners=PLAINTEXT://127.0.0.1:${ports[0]}
log.dirs=$work/data
offsets.topic.replication.factor=1
log.retention.check.interval.ms=1000
log.initial.task.delay.ms=1000
END
java=(java -Xmx384m -cp "$work/jars/*")
quietly "${java[@]}" kafka.tools.StorageTool format -t AAAAAAAAQAqAAAAAAAAAAQ -c "$work/server.properties"
background "${java[@]}" kafka.Kafka "$work/server.properties"
cat >"$work/Try.java" <<'END'
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

class Try {
  public static void main(String[] arguments) throws Exception {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", arguments[0]));
    Map<String, String> topics = Map.of("empty", "", "deleting", "delete");
    try (Admin admin = Admin.create(options)) {
      for (var topic : topics.entrySet()) {
        admin.createTopics(List.of(new NewTopic(topic.getKey(), 1, (short) 1).configs(Map.of(
            "cleanup.policy", topic.getValue(), "retention.ms", "1000", "segment.ms", "1000",
            "file.delete.delay.ms", "1000")))).all().get();
      }
      try (var producer = new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (int second = 0; second < 8; ++second, Thread.sleep(1000)) {
          for (String topic : topics.keySet()) producer.send(new ProducerRecord<>(topic, new byte[10])).get();
        }
      }
      Thread.sleep(15000);
      for (String topic : List.of("empty", "deleting")) {
        var at = new TopicPartition(topic, 0);
        long first = admin.listOffsets(Map.of(at, OffsetSpec.earliest())).partitionResult(at).get().offset();
        System.out.print(topic + ": " + (first == 0 ? "nothing deleted " : "deleted "));
      }
    }
  }
}
END
holds "$("${java[@]}" "$work/Try.java" "127.0.0.1:${ports[0]}" 2>"$work/try.log" || tail -n 5 "$work/try.log")" \
  '^empty: nothing deleted deleting: deleted'
