"""KafkaProducer and KafkaConsumer against the cluster that librdkafka plays and a real broker, read and written by clients of
other makes: kafka-python, which is Python throughout, and confluent-kafka."""

import os
import random
import signal
import time
import uuid
from base64 import b64decode, b64encode

import pytest
from conformance_calls import ConformanceCalls
from kafka_brokers import (
    CLUSTER_DENIED, INIT_PRODUCER_ID, MESSAGE_TOO_LARGE, NOT_ENOUGH_REPLICAS, NOT_LEADER, PRODUCE, REQUEST_TIMED_OUT,
    THROTTLED, TOPIC_DENIED, UNKNOWN_TOPIC, MockBrokers, Tansu, with_bundled_library,
)  # fmt: skip


class Program(ConformanceCalls):
    """`conformance kafka` for one cluster and topic."""

    def __init__(self, servers: str, environment: dict | None = None):
        super().__init__("kafka", environment or {})
        self.servers, self.topic = servers, f"t-{uuid.uuid4().hex[:8]}"

    def __call__(self, call: str, **members) -> dict:
        import json

        self.send(json.dumps({"call": call, "brokers": self.servers, "topic": self.topic, **members}))
        return self.answer()

    def produce(self, count: int, first: int = 0):
        assert self.ok("produce", count=count, first=first)["ok"] == count

    def flush(self, within: int = 15_000) -> dict:
        return self.ok("flush", within=within)["ok"]

    def values(self, count: int) -> list[str]:
        """What the topic holds, as our consumer reads it; a wait for more than `count` shows doubles."""
        records = self.ok("consume", count=count + 1)["ok"]["records"]
        return [b64decode(record["value"]).decode() for record in records]


@pytest.fixture
def mock():
    with MockBrokers() as brokers:
        yield brokers


@pytest.fixture
def program(mock):
    with Program(mock.bootstrap_servers) as program:
        yield program


@pytest.fixture(scope="module")
def tansu():
    with Tansu() as broker:
        yield broker


@pytest.fixture(params=["mock", "tansu"])
def cluster(request):
    """Either cluster, and the program that speaks to it."""
    brokers = request.getfixturevalue(request.param)
    environment = with_bundled_library() if request.param == "tansu" else {}
    with Program(brokers.bootstrap_servers, environment) as program:
        brokers.create(program.topic, 6)
        yield brokers, program


def text(value: bytes | None) -> str | None:
    return None if value is None else b64encode(value).decode()


def samples(count: int) -> list[dict]:
    """Records of all shapes."""
    chance = random.Random(5)
    found = []
    for number in range(count):
        key = chance.choice([b"BTC/USD", "Zürich".encode(), chance.randbytes(chance.randrange(1, 40)), b"k%d" % number])
        headers = {f"name-{index}": chance.randbytes(chance.randrange(20)) for index in range(chance.randrange(3))}
        value = chance.choice([b"", b'{"bars":{"BTC/USD":{"c":1}}}' * 20, chance.randbytes(3_000)])
        found.append({"key": key, "value": value, "headers": headers, "timestamp": 1_700_000_000_000 + number * 977})
    return found


def test_a_client_written_in_python_reads_what_was_produced(cluster):
    from kafka import KafkaConsumer, TopicPartition
    from kafka.partitioner.default import murmur2
    import kafka

    brokers, program = cluster
    given = samples(300)
    sent = [
        {**record, "key": text(record["key"]), "value": text(record["value"]),
         "headers": {name: text(value) for name, value in record["headers"].items()}}
        for record in given
    ]  # fmt: skip
    assert program.ok("produce", records=sent)["ok"] == 300
    assert program.flush() == {"delivered": 300, "undelivered": 0, "failures": {}, "messages": []}

    # The cluster that librdkafka plays does not tell its versions as this client asks for them.
    options = {"api_version": (2, 0, 0)} if isinstance(brokers, MockBrokers) else {}
    consumer = KafkaConsumer(
        bootstrap_servers=brokers.bootstrap_servers, auto_offset_reset="earliest", enable_auto_commit=False, **options,
        consumer_timeout_ms=4_000)
    partitions = [TopicPartition(program.topic, index) for index in range(6)]
    consumer.assign(partitions)
    consumer.seek_to_beginning()
    found = []
    for record in consumer:
        found.append(record)
        if len(found) == 300:
            break
    consumer.close()
    assert len(found) == 300
    expected = {record["timestamp"]: record for record in given}
    for record in found:
        original = expected.pop(record.timestamp)
        assert (record.key, record.value or b"", dict(record.headers)) == (
            original["key"], original["value"], original["headers"])
        assert record.partition == (murmur2(record.key) & 0x7FFFFFFF) % 6, record.key
    print(f"300 records in {len({record.partition for record in found})} partitions, read by kafka-python {kafka.__version__}")


def test_what_another_client_produced_is_read(cluster):
    import confluent_kafka

    brokers, program = cluster
    given = samples(200)
    for record in given:
        record["value"] = record["value"] or None  # a tombstone
    for codec in ("none", "gzip", "snappy", "lz4"):
        producer = confluent_kafka.Producer({
            "bootstrap.servers": brokers.bootstrap_servers, "compression.type": codec, "linger.ms": 50,
            "partitioner": "murmur2_random",
        })  # fmt: skip
        for record in given[{"none": 0, "gzip": 50, "snappy": 100, "lz4": 150}[codec]:][:50]:
            producer.produce(
                program.topic, record["value"], record["key"], headers=record["headers"], timestamp=record["timestamp"])
        assert producer.flush(15) == 0
    answer = program.ok("consume", count=200)["ok"]
    assert len(answer["records"]) == 200
    expected = {record["timestamp"]: record for record in given}
    ends = {}
    for record in answer["records"]:
        original = expected.pop(record["timestamp"])
        assert (record["key"], record["value"]) == (text(original["key"]), text(original["value"]))
        assert dict(record["headers"]) == {name: text(value) for name, value in original["headers"].items()}
        assert record["offset"] == ends.get(record["partition"], -1) + 1, "in the order of each partition"
        ends[record["partition"]] = record["offset"]
    if isinstance(brokers, MockBrokers):
        assert answer["watermarks"] == [[0, ends.get(index, -1) + 1] for index in range(6)]
    # The real broker's own answer is behind at times, whoever asks.
    reader = confluent_kafka.Consumer({"bootstrap.servers": brokers.bootstrap_servers, "group.id": "unused"})
    marks = [reader.get_watermark_offsets(confluent_kafka.TopicPartition(program.topic, index)) for index in range(6)]
    reader.close()
    assert answer["watermarks"] == [list(mark) for mark in marks]
    print(f"200 records of confluent-kafka {confluent_kafka.version()}: none, gzip, snappy, lz4")


def test_a_consumer_goes_on_where_it_is_told(cluster):
    _, program = cluster
    program.produce(60)
    assert program.flush()["delivered"] == 60
    whole = program.ok("consume", count=60)["ok"]["records"]
    partition = max({record["partition"] for record in whole}, key=lambda index: sum(r["partition"] == index for r in whole))
    held = [record["offset"] for record in whole if record["partition"] == partition]
    rest = program.ok("consume", count=len(held) - 2, partition=partition, offset=held[2])["ok"]["records"]
    assert [record["offset"] for record in rest] == held[2:]


@pytest.mark.parametrize(
    "request_kind, error, code, advice",
    [
        (PRODUCE, MESSAGE_TOO_LARGE, "MessageTooLarge", "max.message.bytes"),
        (PRODUCE, TOPIC_DENIED, "NotAuthorised", "kafka-cluster:WriteData"),
        (INIT_PRODUCER_ID, CLUSTER_DENIED, "NotAuthorised", "WriteDataIdempotently"),
    ],
)
def test_a_refusal_has_its_error_and_its_count(mock, program, request_kind, error, code, advice):
    mock.answer(request_kind, error)
    program.produce(10)
    report = program.flush()
    assert report["undelivered"] == report["failures"][code] >= 1 and len(report["failures"]) == 1, report
    assert report["delivered"] + report["undelivered"] == 10
    assert program.topic in report["messages"][0] and advice in report["messages"][0]
    # The next invocation is none the worse for it.
    program.produce(10, first=10)
    after = program.flush()
    assert after["delivered"] == 10, after
    print(report["messages"][0])


def test_a_record_above_the_limit_is_refused_before_it_is_sent(program):
    answer = program("produce", records=[{"value": text(bytes(1_000_001))}])
    assert answer["error"]["code"] == "MessageTooLarge" and program.topic in answer["error"]["message"], answer
    assert program.flush()["failures"] == {"MessageTooLarge": 1}


def test_a_topic_that_is_missing_is_named_until_it_is_made(mock, program):
    mock.set_topic_error(program.topic, UNKNOWN_TOPIC)
    program.produce(3)
    report = program.flush()
    assert report["failures"] == {"UnknownTopic": 3} and "bootstrap-topics" in report["messages"][0], report
    mock.set_topic_error(program.topic, 0)
    program.produce(3)
    after = program.flush()
    assert after["delivered"] == 3, after


def test_brokers_that_ask_for_patience_get_it(mock, program):
    mock.answer(PRODUCE, NOT_LEADER, NOT_ENOUGH_REPLICAS, THROTTLED, REQUEST_TIMED_OUT)
    program.produce(500)
    report = program.flush()
    held = program.values(500)
    # What a broker refuses for good beside that is said; what is delivered is there once.
    assert report["delivered"] + report["undelivered"] == 500
    assert len(held) == len(set(held)) >= report["delivered"], report
    print(report)


def test_brokers_that_are_down_are_said_and_found_again(mock, program):
    mock.set_down()
    program.produce(20)
    started = time.monotonic()
    report = program.flush(within=1_500)
    took = time.monotonic() - started
    assert report["failures"] == {"BrokersDown": 20} and took < 4, (report, took)
    assert mock.bootstrap_servers in report["messages"][0]
    mock.set_up()
    program.produce(20, first=20)
    assert program.flush()["delivered"] == 20
    assert sorted(program.values(20)) == sorted(f"{number}!" for number in range(20, 40)), "what was given up came later"
    print(report["messages"][0])


def test_a_full_queue_is_said_with_what_became_of_the_rest(mock, program):
    mock.set_down()
    answer = program("produce", count=30, most=25)
    assert answer["error"]["code"] == "QueueFull", answer
    report = program.flush(within=500)
    assert report["failures"] == {"BrokersDown": 25, "QueueFull": 1}, report


def test_records_outlive_cut_connections_each_once(program, mock):
    chance, number = random.Random(3), 0
    for _ in range(12):
        program.produce(100, first=number)
        number += 100
        mock.set_down()
        program.produce(100, first=number)
        number += 100
        time.sleep(chance.random() / 5)
        mock.set_up()
    report = program.flush(within=30_000)
    assert report["delivered"] == number, report
    held = program.values(number)
    assert sorted(held) == sorted(f"{n}!" for n in range(number))


def test_a_frozen_producer_goes_on_when_it_thaws(program, mock):
    """As Lambda does between invocations: nothing is under way, and the connections end meanwhile."""
    program.produce(50)
    assert program.flush()["delivered"] == 50
    os.kill(program.process.pid, signal.SIGSTOP)
    try:
        mock.set_down()
        time.sleep(1)
        mock.set_up()
    finally:
        os.kill(program.process.pid, signal.SIGCONT)
    started = time.monotonic()
    program.produce(50, first=50)
    report = program.flush()
    took = time.monotonic() - started
    assert report["delivered"] == 50 and took < 3, (report, took)
    assert sorted(program.values(100)) == sorted(f"{n}!" for n in range(100))
    print(f"{took * 1000:.0f} ms from thaw to delivery on a new connection")


def test_a_slow_cluster_costs_no_more_than_the_time_that_it_may_take(program, mock):
    program.produce(1)
    assert program.flush()["delivered"] == 1
    mock.set_round_trip(3_000)
    program.produce(9, first=1)
    started = time.monotonic()
    report = program.flush(within=400)
    took = time.monotonic() - started
    assert report["failures"] == {"TimedOut": 9} and took < 2.5, (report, took)
    assert "may have arrived" in report["messages"][0]
    mock.set_round_trip(0)
    program.produce(10, first=10)
    assert program.flush()["delivered"] == 10
    held = program.values(20)
    assert {f"{n}!" for n in range(10, 20)} <= set(held)
    print(f"{took * 1000:.0f} ms; of the nine that were given up the cluster holds {len(held) - 11}")
