"""Reads a topic's records with CloudEvents' SDK of either major version: reader.py TOPIC COUNT."""
import os
import sys

import confluent_kafka

try:
    from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

    ways = [("as they are", from_binary_event)]
except ImportError:  # version 1
    from cloudevents.kafka import KafkaMessage, from_binary

    ways = [("as they are", from_binary),
            ("with a raw unmarshaller", lambda record: from_binary(record, data_unmarshaller=bytes))]


def read(record):
    """How the record can be read, and the event."""
    for way, reads in ways[:-1]:
        try:
            return way, reads(record)
        except Exception as error:
            print(way, "not:", error, file=sys.stderr)
    way, reads = ways[-1]
    return way, reads(record)


topic, count = sys.argv[1], int(sys.argv[2])
consumer = confluent_kafka.Consumer({
    "bootstrap.servers": os.environ["EXITBUS_BROKER"], "security.protocol": "ssl",
    "ssl.ca.location": os.environ["EXITBUS_CA"], "ssl.certificate.location": os.environ["EXITBUS_CERT"],
    "ssl.key.location": os.environ["EXITBUS_KEY"], "group.id": os.environ["EXITBUS_GROUP"], "enable.auto.commit": False})
consumer.assign([confluent_kafka.TopicPartition(topic, 0, confluent_kafka.OFFSET_BEGINNING)])
for _ in range(count):
    record = consumer.poll(20)
    if record is None or record.error():
        sys.exit(f"no record: {record and record.error()}")
    way, event = read(KafkaMessage(dict(record.headers()), record.key(), record.value()))
    of = event.get_attributes() if hasattr(event, "get_attributes") else event
    time = of["time"] if isinstance(of["time"], str) else of["time"].strftime("%Y-%m-%dT%H:%M:%SZ")
    data = event.get_data() if hasattr(event, "get_data") else event.data
    print(way, "|", of["id"], of["source"], of["type"], time, of["datacontenttype"], of["traceparent"], len(data))
