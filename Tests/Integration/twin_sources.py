"""Sources beside the twin's own, and what another client reads in them."""

from kafka_brokers import MockBrokers


class MockKafka(MockBrokers):
    """A cluster with these topics, each of so many partitions."""

    def __init__(self, topics: dict[str, int]):
        super().__init__()
        self.topics = topics
        for name, partitions in topics.items():
            self.create(name, partitions)

    def records(self, topic: str) -> list[tuple]:
        """Shard, offset, no sequence number, time and value of every record, as the Python client reads them."""
        from confluent_kafka import Consumer, TopicPartition

        consumer = Consumer({"bootstrap.servers": self.bootstrap_servers, "group.id": "check", "enable.auto.commit": False})
        found = []
        for partition in range(self.topics[topic]):
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
            consumer.assign([TopicPartition(topic, partition, low)])
            end = low
            while end < high:
                message = consumer.poll(10)
                assert message is not None and message.error() is None, message and message.error()
                found.append(
                    (f"{topic}-{partition}", message.offset(), None, message.timestamp()[1], message.value().decode())
                )
                end = message.offset() + 1
        consumer.close()
        return found


def kinesis_records(client, stream: str) -> list[tuple]:
    """Shard, number within the shard, sequence number, time and value of every record, as boto3 reads them."""
    found = []
    for shard in client.list_shards(StreamName=stream)["Shards"]:
        iterator = client.get_shard_iterator(StreamName=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
        token, number = iterator["ShardIterator"], 0
        while token:
            page = client.get_records(ShardIterator=token, Limit=10_000)
            for record in page["Records"]:
                moment = int(record["ApproximateArrivalTimestamp"].timestamp() * 1000)
                found.append((shard["ShardId"], number, record["SequenceNumber"], moment, record["Data"].decode()))
                number += 1
            token = page.get("NextShardIterator") if page["Records"] else None
    return found
