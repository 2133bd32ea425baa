import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic's records with CloudEvents' SDK: Reader TOPIC COUNT. */
public final class Reader {
  static String content(String name) throws Exception {
    return Files.readString(Path.of(System.getenv(name)));
  }

  public static void main(String[] words) throws Exception {
    Map<String, Object> settings = Map.of(
        "bootstrap.servers", System.getenv("EXITBUS_BROKER"), "security.protocol", "SSL",
        "ssl.truststore.type", "PEM", "ssl.truststore.certificates", content("EXITBUS_CA"),
        "ssl.keystore.type", "PEM", "ssl.keystore.certificate.chain", content("EXITBUS_CERT"),
        "ssl.keystore.key", content("EXITBUS_KEY"));
    try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new CloudEventDeserializer())) {
      var partition = new TopicPartition(words[0], 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      int left = Integer.parseInt(words[1]);
      while (left > 0) {
        var records = consumer.poll(Duration.ofSeconds(20));
        if (records.isEmpty()) throw new IllegalStateException("no record");
        for (ConsumerRecord<byte[], CloudEvent> record : records) {
          if (left-- <= 0) break;
          CloudEvent event = record.value();
          System.out.println("as they are | " + event.getId() + " " + event.getSource() + " " + event.getType() + " "
              + event.getTime().toInstant() + " " + event.getDataContentType() + " "
              + event.getExtension("traceparent") + " " + event.getData().toBytes().length);
        }
      }
    }
  }
}
