"""detect-anomalies as the real binary: alerts in the table, read by pyiceberg and DuckDB, and messages that SNS delivers to a
queue."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from aws_lakes import packaged
from readers import pyiceberg_table, rows
from runtime_api import Function
from sensors import kinesis_event, sequence_number
from servers import ACCESS_KEY, REGION, SECRET_KEY
from support import ROOT

ACCOUNT = "123456789012"
ALERTS = "iot_db.alerts"
COLUMNS = [column["name"] for table in json.loads((ROOT / "lake.json").read_text())["tables"]
           if table["name"] == ALERTS for column in table["columns"]]  # fmt: skip
START = datetime(2026, 11, 20, 10)


def reading(second: float, device: int = 1, **values) -> dict:
    moment = START + timedelta(seconds=second)
    return {
        "temperature": 20, "cpu": 20.0, "ram": 30.0, "hd": 40.0, "id_device": device,
        "timestamp": moment.strftime("%Y-%m-%d %H:%M:%S.%f"), "timestamp_sent": moment.strftime("%Y-%m-%d %H"), **values,
    }  # fmt: skip


def alerts(lake) -> list[dict]:
    """The table's rows in order, on which both readers agree."""
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows(lake, ALERTS)]
    return sorted(found, key=lambda row: (row["reading_at"], row["rule"]))


def detector(lake, environment: dict | None = None) -> Function:
    return Function("detect-anomalies", lake, environment, program=packaged("detect-anomalies"))


class Topic:
    """A topic of moto with a queue that subscribes to it."""

    def __init__(self, moto, name: str = "alerts"):
        self.sqs, self.moto = moto.client("sqs"), moto
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        self.queue = self.sqs.create_queue(QueueName=name, Attributes=fifo)["QueueUrl"]
        sns = moto.client("sns")
        self.arn = sns.create_topic(Name=name, Attributes={"FifoTopic": "true"} if fifo else {})["TopicArn"]
        sns.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")

    def environment(self, **changes) -> dict:
        return {
            "ALERTS_TOPIC_ARN": self.arn, "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_ENDPOINT_URL_SNS": self.moto.endpoint, "AWS_MAX_ATTEMPTS": "1", **changes,
        }  # fmt: skip

    def messages(self) -> list[dict]:
        """What the queue has got; it is empty then."""
        found = []
        while received := self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for message in received:
                found.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return found


@pytest.fixture
def topic(moto):
    return Topic(moto)


HOT = [reading(0), reading(10, temperature=71), reading(20, temperature=72), reading(30, 2, hd=98.5)]


def test_alerts_are_in_the_table_once_and_reach_a_subscriber(topic, tmp_path):
    before = datetime.now(UTC).replace(tzinfo=None)
    with detector(tmp_path, topic.environment()) as function:
        for _ in range(2):
            assert function.invoke(kinesis_event(HOT)).reply == {"batchItemFailures": []}
        metrics = [line for line in function.logs() if "AlertsPublished" in line]
    with detector(tmp_path, topic.environment()) as cold:
        assert cold.invoke(kinesis_event(HOT)).reply == {"batchItemFailures": []}
    found = alerts(tmp_path)
    assert [(row["rule"], row["kind"], row["key"], row["column_name"], row["value"], row["bound"]) for row in found] == [
        ("temperature-jump", "rate", "1", "temperature", 71.0, 25.0), ("too-hot", "limit", "1", "temperature", 71.0, 60.0),
        ("disk-full", "limit", "2", "hd", 98.5, 97.0),
    ]  # fmt: skip
    assert [row["reading_at"] for row in found] == [START + timedelta(seconds=s) for s in (10, 10, 30)]
    assert found[0]["message"] == "temperature of 1 went from 20 to 71 in 10s; usual is at most 25 in 1m"
    assert {row["sequence_number"] for row in found} == {sequence_number(1), sequence_number(3)}
    assert all(before <= row["detected_at"] + timedelta(milliseconds=1) for row in found)
    assert {(row["stream"], row["shard"]) for row in found} == {("sensor-readings", "shardId-000000000000")}
    assert len({row["alert_id"] for row in found}) == 3
    messages = topic.messages()
    assert sorted(message["Subject"] for message in messages) == [
        "disk-full: hd of 2 is 98.5, above 97",
        "temperature-jump: temperature of 1 went from 20 to 71 in 10s; usual is at most 25 in 1m",
        "too-hot: temperature of 1 is 71, above 60",
    ]
    for message in messages:
        attributes = message["MessageAttributes"]
        row = json.loads(attributes["alert"]["Value"])
        (stored,) = [stored for stored in found if stored["alert_id"] == row["alert_id"]]
        assert {name: row[name] for name in ("rule", "kind", "key", "value", "message")} == {
            name: stored[name] for name in ("rule", "kind", "key", "value", "message")
        }
        assert attributes["rule"] == {"Type": "String", "Value": stored["rule"]}
        assert attributes["key"]["Value"] == stored["key"] and attributes["value"]["Type"] == "Number"
        assert message["Message"].startswith(stored["message"] + ".\n")
    assert [(line["Alerts"], line["AlertsSuppressed"]) for line in metrics if "Alerts" in line][:1] == [(3, 1)]
    print("checked with pyiceberg and DuckDB, and moto's SNS and SQS")


@pytest.mark.parametrize("stride", [3, pytest.param(1, marks=pytest.mark.long)])
def test_a_process_that_is_killed_anywhere_loses_and_doubles_no_alert(topic, tmp_path, stride):
    """Killed before and after every third step of the commits, or every one, and after that the same batch comes again."""
    event, whole = kinesis_event(HOT), None
    for step in range(1, 40, stride):
        lake = tmp_path / str(step)
        lake.mkdir()
        with detector(lake, topic.environment(LAKE_KILL_AT_STEP=str(step))) as function:
            outcome = function.invoke(event)
            if outcome.exit_status is None:
                whole = step
        topic_before = topic.messages()
        with detector(lake, topic.environment()) as function:
            assert function.invoke(event).reply == {"batchItemFailures": []}
            assert function.invoke(event).reply == {"batchItemFailures": []}
        assert len(alerts(lake)) == 3, step
        told = {json.loads(m["MessageAttributes"]["alert"]["Value"])["alert_id"] for m in topic_before + topic.messages()}
        assert told == {row["alert_id"] for row in alerts(lake)}, step
        if whole:
            break
    assert whole and whole > 5
    print(f"killed at {(whole - 1) // stride} places")


def test_a_topic_that_is_down_blocks_nothing(topic, tmp_path):
    down = topic.environment(AWS_ENDPOINT_URL_SNS="http://127.0.0.1:1")
    with detector(tmp_path, down) as function:
        assert function.invoke(kinesis_event(HOT)).reply == {"batchItemFailures": []}
        assert "not published" in function.log_text()
    assert len(alerts(tmp_path)) == 3 and topic.messages() == []
    with detector(tmp_path, topic.environment()) as function:
        assert function.invoke(kinesis_event([reading(40, 3)], first=4)).reply == {"batchItemFailures": []}
    assert len(topic.messages()) == 3 and len(alerts(tmp_path)) == 3


def test_a_fifo_topic_drops_repetitions(moto, tmp_path):
    topic = Topic(moto, "alerts.fifo")
    with detector(tmp_path, topic.environment()) as function:
        assert function.invoke(kinesis_event(HOT)).reply == {"batchItemFailures": []}
    assert len(topic.messages()) == 3


def test_silence_is_found_by_the_schedule_and_told_once(topic, tmp_path):
    now = time.time()
    event = kinesis_event([reading(0, 1), reading(0, 2)])
    for record, ago in zip(event["Records"], (700, 30), strict=True):
        record["kinesis"]["approximateArrivalTimestamp"] = now - ago
    with detector(tmp_path, topic.environment()) as function:
        assert function.invoke(event).reply == {"batchItemFailures": []}
        scheduled = {"version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.scheduler", "detail": "{}"}
        reply = function.invoke(scheduled).reply
        assert reply == {"streams": [{
            "stream": "sensor-readings", "keys": 2, "alerts": 1, "suppressed": 0, "published": 1, "unpublished": 0,
        }]}  # fmt: skip
        snapshots = len(pyiceberg_table(tmp_path, ALERTS).snapshots())
    with detector(tmp_path, topic.environment()) as cold:
        assert cold.invoke({"stream": "sensor-readings"}).reply["streams"][0]["alerts"] == 0
        assert cold.invoke({"stream": "other"}).error["errorType"] == "Alerts.UnknownStream"
        assert cold.invoke({"strem": "other"}).error["errorType"] == "Event.BadValue"
    assert len(pyiceberg_table(tmp_path, ALERTS).snapshots()) == snapshots
    (row,) = alerts(tmp_path)
    assert (row["rule"], row["kind"], row["key"], row["column_name"]) == ("silent", "silence", "1", None)
    assert 700 <= row["value"] < 760 and row["bound"] == 600
    (message,) = topic.messages()
    assert message["MessageAttributes"]["kind"]["Value"] == "silence"


def test_the_samples_do_what_their_page_says(tmp_path):
    with detector(tmp_path) as function:
        for _ in range(2):
            event = json.loads((ROOT / "events/detect-anomalies.json").read_text())
            assert function.invoke(event).reply == {"batchItemFailures": []}
        event = json.loads((ROOT / "events/detect-anomalies-silence.json").read_text())
        assert function.invoke(event).reply["streams"][0]["alerts"] == 0
    assert [(row["rule"], row["key"]) for row in alerts(tmp_path)] == [
        ("temperature-jump", "2"), ("too-hot", "2"), ("disk-full", "1"),
    ]  # fmt: skip


def test_what_cannot_be_used_is_told(tmp_path):
    with detector(tmp_path, {"ALERTS_TOPIC_ARN": "alerts"}) as function:
        assert "ALERTS_TOPIC_ARN" in function.initialised().error["errorMessage"]
    with detector(tmp_path) as function:
        other = kinesis_event(HOT, stream=f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/other")
        assert function.invoke(other).error["errorType"] == "Alerts.UnknownStream"
        assert function.invoke([]).error["errorType"].startswith("Event.")
        bad = [b"no", b'{"id_device": "x"}', json.dumps({**HOT[1], "id_device": None}).encode()]
        assert function.invoke(kinesis_event(bad)).reply == {"batchItemFailures": []}
        assert function.invoke(kinesis_event(HOT, first=3)).reply == {"batchItemFailures": []}
    assert len(alerts(tmp_path)) == 3
