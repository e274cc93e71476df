"""A Kafka cluster in this process, librdkafka's own mock, and what lies in its topics as confluent-kafka reads it."""

import socket
from uuid import uuid4

from confluent_kafka import Consumer, Producer, TopicPartition


class MockCluster:
    """One mock broker, which lives as long as the client that holds it."""

    def __init__(self):
        self.client = Producer({"bootstrap.servers": "unused", "test.mock.num.brokers": 1, "log_level": 0})
        (broker,) = self.client.list_topics(timeout=10).brokers.values()
        self.servers = f"{broker.host}:{broker.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client = None

    def read(self, topic: str) -> list:
        """All records of a topic, partition by partition in the order of offsets."""
        consumer = Consumer(
            {"bootstrap.servers": self.servers, "group.id": str(uuid4()), "enable.auto.commit": False, "log_level": 0})
        try:
            partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
            messages = []
            for partition in sorted(partitions):
                place = TopicPartition(topic, partition, 0)
                _, high = consumer.get_watermark_offsets(place, timeout=10)
                consumer.assign([place])
                while place.offset < high:
                    message = consumer.poll(10)
                    assert message is not None and message.error() is None, message and message.error()
                    messages.append(message)
                    place.offset = message.offset() + 1
            return messages
        finally:
            consumer.close()


def closed_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
