"""simulate-trades and simulate-sensors as the real binaries, and `swiftlake simulate`: into librdkafka's mock cluster, read
back by confluent-kafka, and into moto's Kinesis, read back by boto3; and from there through the ingesting functions."""

import json
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta

import confluent_kafka
import pytest
from aws_lakes import packaged
from emulator import Emulator, emulator_path
from gateway_streams import stream_records
from kafka_brokers import MockBrokers
from kafka_events import TRADES, as_trade_row, kafka_event, kafka_record
from readers import rows
from runtime_api import Function
from scripted_server import Reply, ScriptedServer
from sensors import kinesis_event
from servers import ACCESS_KEY, REGION, SECRET_KEY
from support import ROOT, binary

SENSORS, TOPIC = "sensor-readings", "coinbase-trades"
KEYS = {"AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
MEMBERS = ["temperature", "cpu", "ram", "hd", "timestamp", "timestamp_sent", "id_device"]


@pytest.fixture(scope="module")
def cluster():
    print("checked with confluent-kafka", confluent_kafka.version()[0], "and librdkafka", confluent_kafka.libversion()[0])
    with MockBrokers() as cluster:
        yield cluster


@pytest.fixture(scope="module", autouse=True)
def without_brokers():
    """A run of the command that waits a quarter of a minute for a cluster, begun beside the other tests."""
    command = [binary("swiftlake"), "simulate", "trades", "--count", "5", "--fast", "--kafka", "127.0.0.1:9"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={})
    with running:
        yield running
        running.kill()


@pytest.fixture
def topic(tmp_path):
    """A topic of its own, and the settings of a function that puts trades into it."""
    name = f"{TOPIC}-{tmp_path.name}"
    text = json.loads((ROOT / "lake.json").read_text())
    (stream,) = (stream for stream in text["streams"] if stream["name"] == TOPIC)
    stream["source"]["topic"] = name
    path = tmp_path / "lake.json"
    path.write_text(json.dumps(text))
    return name, {"LAKE_DEFINITION": str(path)}


@pytest.fixture
def kinesis(moto):
    """The stream of readings with two shards, and how it is reached."""
    client = moto.client("kinesis")
    client.create_stream(StreamName=SENSORS, ShardCount=2)
    return client, {"AWS_ENDPOINT_URL_KINESIS": moto.endpoint, **KEYS}


def in_stream(client) -> dict[str, list[dict]]:
    """The records of each shard, in order."""
    found = {}
    for record in stream_records(client, SENSORS):
        found.setdefault(record["ShardId"], []).append(record)
    return found


def scheduled(ago: timedelta = timedelta(), **options) -> dict:
    """What Scheduler sends for the minute from so long ago on."""
    return {"scheduledTime": (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%SZ"), **options}


def metric(function, name: str) -> int:
    (line,) = [line for line in function.logs() if name in line]
    return line[name]


def as_reading_row(reading: dict) -> tuple:
    """The row a reading becomes, with the columns in the table's order."""
    sent = datetime.strptime(reading["timestamp_sent"], "%Y-%m-%d %H")
    values = {**reading, "timestamp": datetime.fromisoformat(reading["timestamp"]), "timestamp_sent": sent}
    return tuple(values[name] for name in MEMBERS)


# simulate-sensors


def test_readings_lie_in_the_stream_once_and_become_rows(kinesis, tmp_path):
    client, environment = kinesis
    with Function("simulate-sensors", None, {**environment, "SIMULATE_RATE": "300", "SIMULATE_DEVICES": "40"}) as function:
        reply = function.invoke(scheduled(steps=3)).reply
        # A step makes up for a second that went by before it.
        put = reply["records"]["put"]
        assert 900 <= put <= 1800 and put % 300 == 0
        assert metric(function, "RecordsPut") == put and metric(function, "RecordsFailed") == 0
        assert SECRET_KEY not in function.log_text()
    assert reply["records"] == {"put": put, "failed": 0, "left": 60 * 300 - put}
    assert reply["stream"] == SENSORS and (reply["steps"], reply["failed"], reply["late"]) == (3, 0, False)

    shards = in_stream(client)
    readings = [json.loads(record["Data"]) for records in shards.values() for record in records]
    assert len(readings) == put and all(list(reading) == MEMBERS for reading in readings)
    assert {reading["id_device"] for reading in readings} == set(range(1, 41))
    assert len({(reading["id_device"], reading["timestamp"]) for reading in readings}) == put
    for records in shards.values():
        latest = {}
        for record in records:
            reading = json.loads(record["Data"])
            assert record["PartitionKey"] == f"device-{reading['id_device']}"
            assert latest.get(record["PartitionKey"], "") < reading["timestamp"]
            latest[record["PartitionKey"]] = reading["timestamp"]
    # None is of the future, and none older than a step and the wait for it.
    now = datetime.now(UTC).replace(tzinfo=None)
    assert all(now - timedelta(seconds=30) < datetime.fromisoformat(reading["timestamp"]) <= now for reading in readings)

    with Function("kinesis-ingest", tmp_path) as function:
        for shard, records in shards.items():
            event = kinesis_event([record["Data"] for record in records], shard=shard)
            assert function.invoke(event).reply == {"batchItemFailures": []}
    assert rows(tmp_path) == sorted(map(as_reading_row, readings), key=repr)


def test_records_that_kinesis_turns_away_are_put_again_and_only_they():
    """Every third record is refused the first time it comes."""
    asked: dict[str, int] = {}
    taken: list[str] = []

    def answer(seen):
        results = []
        for record in json.loads(seen.body)["Records"]:
            data = record["Data"]
            asked[data] = asked.get(data, 0) + 1
            if asked[data] == 1 and len(asked) % 3 == 0:
                results.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"})
            else:
                taken.append(data)
                results.append({"ShardId": "shardId-0", "SequenceNumber": str(len(taken))})
        return Reply(body=json.dumps({"FailedRecordCount": 1, "Records": results}).encode())

    with ScriptedServer(answer=answer) as server:
        with Function("simulate-sensors", None, {"AWS_ENDPOINT_URL_KINESIS": server.endpoint, **KEYS}) as function:
            # The minute is over, so that all of it is due: in calls of 500.
            reply = function.invoke(scheduled(timedelta(minutes=5), rate=20)).reply
        sizes = [len(json.loads(seen.body)["Records"]) for seen in server.seen]
    assert reply["records"] == {"put": 1200, "failed": 0, "left": 0} and reply["late"] is True
    assert len(taken) == len(set(taken)) == 1200 and max(asked.values()) == 2
    assert max(sizes) == 500 and sum(sizes) == 1600


def test_a_call_that_may_have_acted_is_counted_and_not_sent_again():
    with ScriptedServer(Reply(500, b'{"__type":"InternalFailure"}'), Reply(body=b"{}")) as server:
        with Function("simulate-sensors", None, {"AWS_ENDPOINT_URL_KINESIS": server.endpoint, **KEYS}) as function:
            outcome = function.invoke(scheduled(timedelta(minutes=5), rate=1))
        assert len(server.seen) == 1
    assert outcome.error["errorType"] == "Producers.Undelivered"
    assert "none of 60 records got into Kinesis stream sensor-readings" in outcome.error["errorMessage"]


def test_a_stream_that_is_missing_is_named(moto):
    with Function("simulate-sensors", None, {"AWS_ENDPOINT_URL_KINESIS": moto.endpoint, **KEYS}) as function:
        outcome = function.invoke(scheduled(timedelta(minutes=5)))
        assert outcome.error["errorType"] == "Producers.Undelivered"
        assert "ResourceNotFoundException" in outcome.error["errorMessage"]
        assert function.invoke({"stream": "coinbase-trades"}).error["errorType"].startswith("Event.")
        assert function.invoke({"rate": 0}).error["errorType"].startswith("Event.")


# simulate-trades


def test_a_minute_that_comes_twice_has_the_same_trades_and_they_become_rows(cluster, topic, tmp_path):
    name, environment = topic
    environment |= {"KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers, "SIMULATE_RATE": "5", "SIMULATE_SEED": "7"}
    event = scheduled(timedelta(minutes=2))
    runs = []
    for _ in range(2):
        with Function("simulate-trades", None, environment) as function:
            reply = function.invoke(event).reply
            assert reply["records"] == {"put": 300, "failed": 0, "left": 0} and reply["stream"] == TOPIC
            # The same process makes a minute once.
            assert function.invoke(event).reply["records"] == {"put": 0, "failed": 0, "left": 0}
        runs.append(cluster.read(name))
    first, both = runs
    assert len(first) == 300 and len(both) == 600
    values = sorted(message.value() for message in first)
    assert sorted(message.value() for message in both) == sorted(values * 2)

    trades = [json.loads(value) for value in values]
    assert len({trade["transaction_id"] for trade in trades}) == 300
    start = datetime.fromisoformat(event["scheduledTime"]) - timedelta(seconds=5)
    moments = [datetime.fromisoformat(trade["transaction_timestamp"]) for trade in trades]
    assert all(start <= moment < start + timedelta(minutes=1) for moment in moments)
    assert all(message.key().decode() == json.loads(message.value())["document_id"] for message in first)
    placed = {}
    for message in first:
        assert placed.setdefault(message.key(), message.partition()) == message.partition()

    records = [
        kafka_record(TOPIC, message.partition(), message.offset(), message.timestamp()[1], message.key(), message.value())
        for message in first
    ]  # fmt: skip
    with Function("kafka-ingest", tmp_path) as function:
        assert function.invoke(kafka_event(records)).reply == {"batchItemFailures": []}
    assert rows(tmp_path, TRADES) == sorted(map(as_trade_row, trades), key=repr)


def test_minutes_that_follow_each_other_have_no_trade_in_common(cluster, topic):
    name, environment = topic
    minute = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10)
    with Function("simulate-trades", None, {**environment, "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers}) as function:
        for number in range(3):
            time_text = (minute + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
            # Another rate makes other numbers, too.
            assert function.invoke({"scheduledTime": time_text, "rate": 2 + number}).reply["records"]["failed"] == 0
    trades = [json.loads(message.value()) for message in cluster.read(name)]
    assert len(trades) == 60 * (2 + 3 + 4)
    assert len({trade["transaction_id"] for trade in trades}) == len(trades)
    moments = [datetime.fromisoformat(trade["transaction_timestamp"]) for trade in trades]
    spans = {(moment - minute + timedelta(seconds=5)) // timedelta(minutes=1) for moment in moments}
    assert spans == {0, 1, 2}


def test_trades_come_every_five_seconds_until_the_deadline(cluster, topic):
    name, environment = topic
    with Function("simulate-trades", None, {**environment, "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers}) as function:
        function.deadline_ms = 8_000
        began = time.monotonic()
        reply = function.invoke(scheduled(rate=10)).reply
        assert time.monotonic() - began < 8
    assert reply["steps"] >= 1 and reply["records"]["put"] == len(cluster.read(name)) > 0
    assert reply["records"]["put"] + reply["records"]["left"] == 600


def test_brokers_that_are_down_are_told_and_no_secret_is(topic):
    _, environment = topic
    environment |= {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9", **KEYS}
    with Function("simulate-trades", None, environment) as function:
        function.deadline_ms = 6_000
        outcome = function.invoke(scheduled(timedelta(minutes=2)))
        assert outcome.error["errorType"] == "Producers.Undelivered"
        assert "127.0.0.1:9" in outcome.error["errorMessage"] and SECRET_KEY not in function.log_text()


def test_settings_that_are_missing_are_named(topic):
    _, environment = topic
    with Function("simulate-trades", None, {**environment, "SIMULATE_RATE": "fast"}) as function:
        outcome = function.initialised()
        assert "KAFKA_BOOTSTRAP_SERVERS is not set" in outcome.error["errorMessage"]
    with Function("simulate-sensors", None, {**KEYS, "SIMULATE_RATE": "fast", "SIMULATE_DEVICES": "0"}) as function:
        outcome = function.initialised()
        assert "SIMULATE_RATE" in outcome.error["errorMessage"] and "SIMULATE_DEVICES" in outcome.error["errorMessage"]


# Both


@pytest.mark.parametrize("job", ["simulate-sensors", "simulate-trades"])
def test_the_sample_event_is_taken(job, kinesis, cluster):
    _, environment = kinesis
    event = json.loads((ROOT / "events" / f"{job}.json").read_text())
    # In a minute's last seconds there is no step left to do.
    time.sleep(max(0, time.time() % 60 - 53))
    with Function(job, None, {**environment, "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers}) as function:
        reply = function.invoke(event).reply
    assert reply["records"]["put"] > 0 and reply["records"]["failed"] == 0


def test_readings_come_under_the_emulator(kinesis, tmp_path, moto):
    client, environment = kinesis
    print(f"checked against {emulator_path()}")
    emulator = Emulator(tmp_path, packaged("simulate-sensors"), LAKE_DEFINITION=str(ROOT / "lake.json"), **environment)
    try:
        reply = json.loads(emulator.invoke(scheduled(timedelta(minutes=5), rate=10)))
        assert "records" in reply, (reply, emulator.lines())
        assert reply["records"] == {"put": 600, "failed": 0, "left": 0}, emulator.lines()
    finally:
        emulator.close()
    assert sum(map(len, in_stream(client).values())) == 600


# swiftlake simulate


def simulate(*arguments, environment: dict | None = None, status: int = 0) -> subprocess.CompletedProcess:
    done = subprocess.run([binary("swiftlake"), "simulate", *arguments], capture_output=True, env=environment or {}, timeout=60)
    assert done.returncode == status, done.stderr.decode()
    return done


def test_lines_are_json_and_the_same_for_the_same_start():
    options = ["--start", "2026-01-05T10:00:00Z", "--fast", "--rate", "50"]
    for kind, count in [("sensors", 500), ("trades", 500), ("quotes", 498)]:
        first, again = (simulate(kind, *options, "--seconds", "10") for _ in range(2))
        assert first.stdout == again.stdout
        lines = [json.loads(line) for line in first.stdout.splitlines()]
        assert count <= len(lines) <= count + 6, kind
        assert f"{len(lines)} records to standard output" in first.stderr.decode()
        other = simulate(kind, *options, "--seconds", "10", "--seed", "2")
        assert other.stdout != first.stdout
    assert all(list(line) == ["bars"] and len(line["bars"]) == 1 for line in lines)
    assert len(simulate("quotes", "--fast", "--count", "18").stdout.splitlines()) == 18


def test_records_come_at_their_rate():
    began = time.monotonic()
    done = simulate("sensors", "--rate", "100", "--seconds", "2", "--devices", "5")
    assert 1.8 < time.monotonic() - began < 10
    readings = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(readings) == 200 and {reading["id_device"] for reading in readings} == {1, 2, 3, 4, 5}


def test_ctrl_c_ends_it_well():
    running = subprocess.Popen(
        [binary("swiftlake"), "simulate", "trades", "--rate", "50"], bufsize=0, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)  # fmt: skip
    lines = [running.stdout.readline() for _ in range(20)]
    running.send_signal(signal.SIGINT)
    rest, complaints = running.communicate(timeout=10)
    assert running.returncode == 0
    count = len(lines) + len(rest.splitlines())
    assert f"{count} records to standard output" in complaints.decode() and (lines[-1] + rest).endswith(b"\n")


def test_a_reader_that_goes_ends_it_quietly():
    done = subprocess.run(
        ["sh", "-c", f"'{binary('swiftlake')}' simulate sensors --rate 10000 | head -n 1"], capture_output=True, timeout=30)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 1 and done.stderr == b""


def test_the_command_puts_readings_into_kinesis(kinesis):
    client, environment = kinesis
    done = simulate("sensors", "--kinesis", SENSORS, "--rate", "2000", "--seconds", "1", "--fast", environment=environment)
    assert b"2,000 records to Kinesis stream sensor-readings" in done.stderr and done.stdout == b""
    found = [record["Data"] for records in in_stream(client).values() for record in records]
    assert len(found) == len(set(found)) == 2000


@pytest.mark.parametrize("kind", ["trades", "quotes"])
def test_the_command_puts_records_into_kafka(kind, cluster, tmp_path):
    name = f"{kind}-{tmp_path.name}"
    options = ["--start", "2026-11-20T12:00:00Z", "--fast", "--rate", "60", "--seconds", "10"]
    simulate(kind, *options, "--kafka", cluster.bootstrap_servers, "--topic", name)
    messages = cluster.read(name)
    assert sorted(message.value() for message in messages) == sorted(simulate(kind, *options).stdout.splitlines())
    if kind == "quotes":
        assert all([message.key().decode()] == list(json.loads(message.value())["bars"]) for message in messages)


def test_what_cannot_be_reached_fails(without_brokers):
    _, complaints = without_brokers.communicate(timeout=60)
    assert without_brokers.returncode == 1 and b"5 records failed" in complaints and b"127.0.0.1:9" in complaints
    closed = {"AWS_ENDPOINT_URL_KINESIS": "http://127.0.0.1:9", **KEYS}
    done = simulate("sensors", "--count", "5", "--fast", "--kinesis", "s", environment=closed, status=1)
    assert b"5 records failed" in done.stderr and SECRET_KEY.encode() not in done.stderr
    done = simulate("sensors", "--count", "5", "--fast", "--kinesis", "s", status=1)
    assert b"set AWS_REGION" in done.stderr
    assert simulate("sensors", "--fast", status=64).stdout == b""
