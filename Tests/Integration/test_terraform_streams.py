"""A third stream in lake.json, or one less: the two plans side by side differ in that stream's own, and in nothing else.

What a third stream changes beside what is its own: lake.json reaches the functions as an object that its content's hash
names, and as that object's address in LAKE_DEFINITION. So the object, the variable of every function, and the triggers of
the two bootstrap invocations change with any edit of lake.json; the test tells that apart from what belongs to the stream.
The zips do not change."""

import json
import re

import pytest
from terraform_changes import ABSENT, Change, changes, differences, side_by_side
from terraform_lakes import LAKE, with_stream, without_stream, written
from terraform_plans import planned

OBJECT = "module.storage.aws_s3_object.definition"
DASHBOARD = "module.watch.aws_cloudwatch_dashboard.this"
TABLES = {"kinesis": "iot_db.door_events", "kafka": "crypto_db.door_events"}
SOURCES = {
    "kinesis": {"kind": "kinesis", "name": "door-events"},
    "kafka": {"kind": "kafka", "topic": "door-events", "partitions": 3},
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The plan of the repository's lake.json."""
    return planned(definition=written(LAKE, tmp_path_factory.mktemp("plain")))


def policy(job: str, statement: str) -> tuple[str, str]:
    return f'module.function["{job}"].aws_iam_role_policy.this', f"policy.Statement.{statement}.Resource[]"


def alarm(name: str) -> tuple[str, str]:
    return f'module.watch.aws_cloudwatch_metric_alarm.this["{name}"]', ""


def concurrency(job: str) -> tuple[str, str]:
    """One more stream is read by more functions at once."""
    return f'module.function["{job}"].aws_lambda_function.this', "reserved_concurrent_executions"


def of_the_table(table: str) -> set[tuple[str, str]]:
    """The table is new with the stream: its files and its entry in Glue, for the jobs that make and keep tables."""
    return {
        policy("bootstrap-tables", "Files"), policy("bootstrap-tables", "Tables"),
        policy("optimize-tables", "Files"), policy("optimize-tables", "Tables"), policy("optimize-tables", "AthenaPartitions"),
        alarm(f"freshness/{table}"), alarm("dead-letters/door-events"), alarm("batches-failed/door-events"),
    }  # fmt: skip


EXPECTED = {
    "kinesis": of_the_table(TABLES["kinesis"]) | {
        concurrency("kinesis-ingest"),
        ('module.streams.aws_kinesis_stream.this["door-events"]', ""),
        ('module.mappings.aws_lambda_event_source_mapping.kinesis["kinesis-ingest.door-events"]', ""),
        policy("kinesis-ingest", "Files"), policy("kinesis-ingest", "Tables"), policy("kinesis-ingest", "ReadStreams"),
        alarm("stream-age/door-events"), alarm("kinesis-read-throttled/door-events"),
        alarm("kinesis-write-throttled/door-events"),
    },
    "kafka": of_the_table(TABLES["kafka"]) | {
        concurrency("kafka-ingest"),
        ('module.mappings.aws_lambda_event_source_mapping.kafka["kafka-ingest.door-events"]', ""),
        ("aws_lambda_invocation.bootstrap_topics[0]", "input.topics[]"),
        policy("kafka-ingest", "Files"), policy("kafka-ingest", "Tables"),
        policy("kafka-ingest", "ReadTopics"), policy("kafka-ingest", "Groups"), policy("bootstrap-topics", "MakeTopics"),
        alarm("kafka-lag/door-events/kafka-ingest"), alarm("kafka-time-lag/door-events/kafka-ingest"),
    },
}  # fmt: skip


def of_the_edit(plan) -> set[tuple[str, str]]:
    """What changes with any edit of lake.json."""
    functions = {
        (resource.address, "environment.variables.LAKE_DEFINITION") for resource in plan.of_type("aws_lambda_function")
    }
    invocations = {(resource.address, "triggers.definition") for resource in plan.of_type("aws_lambda_invocation")}
    return functions | invocations | {(OBJECT, "key")}


def content(found: list[Change]) -> set[str]:
    return {change.path for change in found if change.address == OBJECT and change.path.startswith("content.")}


def is_of(value, *names: str) -> bool:
    text = json.dumps(value) if not isinstance(value, str) else value
    return any(re.search(rf"(?<![a-z_-]){re.escape(name)}(?![a-z_-])", text) for name in names)


@pytest.mark.parametrize("kind", SOURCES)
def test_a_third_stream_changes_what_is_its_own(plain, kind, tmp_path):
    after = planned(definition=written(with_stream(SOURCES[kind], TABLES[kind], "door-events"), tmp_path))
    found = changes(plain, after)
    print(side_by_side(found))
    assert content(found) == {"content.streams.door-events", f"content.tables.{TABLES[kind]}"}
    dashboard = [change for change in found if change.address == DASHBOARD]
    rest = {(change.address, change.path) for change in found} - {(change.address, change.path) for change in dashboard}
    assert rest - {(OBJECT, path) for path in content(found)} - of_the_edit(plain) == EXPECTED[kind]
    assert of_the_edit(plain) <= rest

    # Whatever is new names the stream, its table, or its alarms; nothing that was there has gone.
    for change in found:
        if change.path and change.path.endswith("[]"):
            assert change.before == ABSENT, change
            assert change.path.endswith(".alarms[]") or is_of(change.after, "door-events", "door_events", TABLES[kind]), change
    alarms = {
        after[address].values["alarm_name"] for address, path in EXPECTED[kind] if path == "" and "metric_alarm" in address
    }
    shown = {change.after.split(":alarm:")[1] for change in dashboard if change.path.endswith(".alarms[]")}
    assert shown == alarms
    widgets = {change.path for change in dashboard}
    assert widgets and all(path.endswith((".metrics[]", ".alarms[]")) for path in widgets), "widgets get lines, and stay"


@pytest.mark.parametrize("name,kind", [("coinbase-trades", "kafka"), ("sensor-readings", "kinesis")])
def test_without_a_stream_only_that_is_gone(plain, name, kind, tmp_path):
    """The table stays in lake.json, and so do its files, its entry in Glue, and who keeps them."""
    after = planned(definition=written(without_stream(name), tmp_path))
    found = changes(plain, after)
    print(side_by_side(found))
    assert content(found) == {f"content.streams.{name}"}
    assert not [change for change in found if change.before == ABSENT and not change.path], "nothing new"
    gone = {change.address for change in found if change.after == ABSENT and not change.path}
    simulator = {"coinbase-trades": "simulate-trades", "sensor-readings": "simulate-sensors"}[name]
    readers = {"coinbase-trades": set(), "sensor-readings": {"detect-anomalies", "kinesis-ingest", "edge-gateway"}}[name]
    own = re.compile("|".join(map(re.escape, {name, simulator, *readers, *(gone_with(name))})))
    strays = {address for address in gone if not own.search(address)}
    assert strays == set()
    assert {address for address in gone if address.startswith("module.mappings")} == {
        f'module.mappings.aws_lambda_event_source_mapping.{kind}["{job}.{name}"]'
        for job in ({"kafka-ingest"} if kind == "kafka" else {"kinesis-ingest", "detect-anomalies"})
    }
    assert not [change for change in found if "bootstrap-tables" in change.address and "policy" in change.path]


def gone_with(name: str) -> set[str]:
    """Parts of addresses that go with a stream without having its name."""
    if name == "coinbase-trades":
        return {'freshness/crypto_db.crypto_trader"'}
    return {
        "module.edge[0]", "detect-silence", "device-master", 'freshness/iot_db.sensor_readings"', "edge-", "alerts",
        "readings", "anomalies", "given_up",
    }  # fmt: skip


# That differences are found.

PAIRS = [
    ({"a": 1}, {"a": 1}, []),
    ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
    ({"a": [1, 2]}, {"a": [2, 3]}, [("a[]", "1", ABSENT), ("a[]", ABSENT, "3")]),
    (
        {"p": '{"Statement": [{"Sid": "A", "x": 1}, {"Sid": "B"}]}'},
        {"p": '{"Statement": [{"Sid": "B"}, {"Sid": "A", "x": 2}]}'},
        [("p.Statement.A.x", 1, 2)],
    ),
    ({"b": [{"x": 1}]}, {"b": [{"x": 2}]}, [("b.x", 1, 2)]),
    ({"a": None}, {"a": 1}, [("a", None, 1)]),
]


@pytest.mark.parametrize("before,after,expected", PAIRS)
def test_differences_are_told(before, after, expected):
    assert list(differences(before, after, "")) == expected


def test_a_widget_that_moved_is_the_same_and_one_that_lost_a_line_is_not():
    def board(*widgets):
        return {
            "widgets": [{"type": "metric", "x": 0, "y": y, "properties": {"title": t, "metrics": m}} for t, y, m in widgets]
        }

    before = board(("Rows", 0, [["a"], ["b"]]), ("Bytes", 6, [["c"]]))
    assert list(differences(before, board(("Bytes", 0, [["c"]]), ("Rows", 9, [["a"], ["b"]])), "body")) == []
    (found,) = differences(before, board(("Rows", 0, [["a"]]), ("Bytes", 6, [["c"]])), "body")
    assert found == ("body.widgets.Rows.properties.metrics[]", '["b"]', ABSENT)
