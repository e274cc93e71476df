"""Sources beside the twin's own, and what another client reads in them."""

from collections import Counter

from gateway_streams import stream_records
from kafka_brokers import MockBrokers


class MockKafka(MockBrokers):
    """A cluster with these topics, each of so many partitions."""

    def __init__(self, topics: dict[str, int]):
        super().__init__()
        for name, partitions in topics.items():
            self.create(name, partitions)

    def records(self, topic: str) -> list[tuple]:
        """Shard, offset, no sequence number, time and value of every record, as the Python client reads them."""
        return [
            (f"{topic}-{message.partition()}", message.offset(), None, message.timestamp()[1], message.value().decode())
            for message in self.read(topic)
        ]


def kinesis_records(client, stream: str) -> list[tuple]:
    """Shard, number within the shard, sequence number, time and value of every record, as boto3 reads them."""
    found, counts = [], Counter()
    for record in stream_records(client, stream):
        shard = record["ShardId"]
        moment = int(record["ApproximateArrivalTimestamp"].timestamp() * 1000)
        found.append((shard, counts[shard], record["SequenceNumber"], moment, record["Data"].decode()))
        counts[shard] += 1
    return found
