"""What is watched: the checks of alarms, dashboards and the metrics behind them reject what they are there for."""

import copy
import json
import re
from pathlib import Path

import pytest

from checks import alarms, aws_metrics, emitted, metrics, uses
from checks.emitted import Metric
from planned import Plan

TOPIC = "arn:aws:sns:eu-west-1:123456789012:small-alarms"
ALARM_ARN = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm"
WRITTEN = frozenset({
    Metric("DeadLetters", (("Stream", None),)),
    Metric("DeadLetters", (("Index", None),)),
    Metric("Polls", (("Job", "poll-quotes"),)),
    Metric("UpstreamFaults", (("Job", "poll-quotes"),)),
    Metric("ReadingsRejected", (("Reason", None), ("Stream", None))),
})
ANSWERS = "**Means.** A.\n**Look at.** B.\n**Do.** C.\n"
RUNBOOK = f"# Operating\n\n## Records\n\n### dead-letters\n\n{ANSWERS}\n### `faults`\n\n{ANSWERS}"


def alarm(**changes) -> dict:
    return {
        "alarm_name": "small-dead-letters-readings",
        "alarm_description": "Records could not be decoded.",
        "namespace": "Swiftlake",
        "metric_name": "DeadLetters",
        "dimensions": {"Stream": "sensor-readings"},
        "metric_query": [],
        "period": 300,
        "evaluation_periods": 3,
        "datapoints_to_alarm": 2,
        "threshold": 0,
        "treat_missing_data": "notBreaching",
        "actions_enabled": True,
        "alarm_actions": [TOPIC],
        "ok_actions": [TOPIC],
    } | changes


def share(**changes) -> dict:
    """An alarm of metric math."""
    queries = [{"id": "result", "expression": "faults / polls", "return_data": True, "metric": [], "period": None}] + [
        {"id": name, "return_data": None, "period": None, "metric": [
            {"namespace": "Swiftlake", "metric_name": metric, "dimensions": {"Job": "poll-quotes"}, "period": 300, "stat": "Sum"}
        ]}
        for name, metric in (("faults", "UpstreamFaults"), ("polls", "Polls"))
    ]
    return alarm(
        alarm_name="small-faults", namespace=None, metric_name=None, dimensions=None, period=None, metric_query=queries
    ) | changes


def policy(pattern: str = f"{ALARM_ARN}:small-*") -> dict:
    statement = {
        "Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish", "Resource": TOPIC,
        "Condition": {"ArnLike": {"aws:SourceArn": pattern}},
    }
    return {"arn": TOPIC, "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


ROWS = [
    ["Swiftlake", "DeadLetters", "Stream", "sensor-readings", {"label": "readings"}],
    [{"expression": "SEARCH('{Swiftlake,Reason,Stream} MetricName=\"ReadingsRejected\" Stream=\"sensor-readings\"', 'Sum', 300)"}],
    ["AWS/Lambda", "Errors", "FunctionName", "small-job"],
]


def dashboard(rows=ROWS, shown=("small-dead-letters-readings", "small-faults")) -> dict:
    return {"dashboard_body": json.dumps({"widgets": [
        {"type": "alarm", "properties": {"alarms": [f"{ALARM_ARN}:{name}" for name in shown]}},
        {"type": "metric", "properties": {"title": "Dead letters", "metrics": rows}},
        {"type": "metric", "properties": {"annotations": {"alarms": [f"{ALARM_ARN}:small-faults"]}}},
        {"type": "text", "properties": {"markdown": "# Lake"}},
    ]})}


LAKE = {
    "tables": [{"name": "iot_db.sensor_readings"}],
    "streams": [{"name": "readings", "source": {"kind": "kinesis", "name": "sensor-readings"}, "table": "iot_db.sensor_readings"}],
}


@pytest.fixture
def made(tmp_path):
    """Makes a plan of an alarm, another of metric math, a dashboard, and the topic's policy."""
    definition = tmp_path / "lake.json"
    definition.write_text(json.dumps(LAKE))

    def make(one=None, two=None, board=None, topic=None, index="dead-letters/readings", **document) -> Plan:
        resources = [
            ("aws_cloudwatch_metric_alarm", "this", index, one or alarm()),
            ("aws_cloudwatch_metric_alarm", "faults", None, two or share()),
            ("aws_cloudwatch_dashboard", "this", None, board or dashboard()),
            ("aws_sns_topic_policy", "this", None, topic or policy()),
            ("aws_lambda_function", "this", None, {"function_name": "small-job"}),
        ]
        planned = [
            {
                "address": f'{kind}.{name}["{key}"]' if key else f"{kind}.{name}", "mode": "managed", "type": kind, "name": name,
                "values": values, **({"index": key} if key else {}),
            }
            for kind, name, key, values in resources
        ]
        variables = {"definition": {"value": str(definition)}}
        return Plan({"planned_values": {"root_module": {"resources": planned}}, "variables": variables} | document, tmp_path)

    return make


@pytest.fixture
def runbook(tmp_path):
    path = tmp_path / "operations.md"
    path.write_text(RUNBOOK)
    return path


def assert_one(faults: list[str], pattern: str) -> None:
    assert len(faults) == 1 and re.search(pattern, faults[0]), "\n".join(faults) or "nothing was rejected"


def test_right_plan_passes(made, runbook):
    plan = made()
    assert metrics.faults(plan, WRITTEN) == []
    assert len(uses.uses(plan)) == 6
    assert aws_metrics.faults(plan) + uses.faults(plan) == []
    assert alarms.faults(plan, runbook) == []


def with_metric(**changes) -> dict:
    changed = copy.deepcopy(share())
    changed["metric_query"][1]["metric"][0] |= changes
    return changed


@pytest.mark.parametrize(("parts", "pattern"), [
    ({"one": alarm(metric_name="DeadLetter")}, "no function writes the metric DeadLetter$"),
    (
        {"one": alarm(dimensions={"Stream": "sensor-readings", "Job": "kinesis-ingest"})},
        "not written by Job kinesis-ingest and Stream sensor-readings, but by Index or Stream",
    ),
    ({"one": alarm(dimensions={})}, "not written by no dimension, but by Index or Stream"),
    ({"one": alarm(dimensions={"Stream": "elsewhere"})}, "by Stream elsewhere: there is none in lake.json"),
    ({"two": with_metric(metric_name="Faults")}, "no function writes the metric Faults"),
    ({"two": with_metric(dimensions={"Job": "kinesis-ingest"})}, "not written by Job kinesis-ingest, but by Job poll-quotes"),
    ({"board": dashboard([["Swiftlake", "Rows", "Stream", "readings"]])}, "this: Dead letters: no function writes the metric Rows"),
    ({"board": dashboard([["Swiftlake", "Polls"]])}, "Polls is not written by no dimension, but by Job poll-quotes"),
    (
        {"board": dashboard([[{"expression": ROWS[1][0]["expression"].replace("Reason,", "")}]])},
        "ReadingsRejected is not written by Stream sensor-readings, but by Reason and Stream",
    ),
])
def test_metric_is_rejected(made, parts, pattern):
    assert_one(metrics.faults(made(**parts), WRITTEN), pattern)


ERRORS = {"namespace": "AWS/Lambda", "metric_name": "Errors", "dimensions": {"FunctionName": "small-job"}}
LAG = 'SUM(SEARCH(\'{AWS/Kafka,"Cluster Name",Topic} MetricName="BytesInPerSec" "Cluster Name"="lake"\', \'Average\', 300)) * 300'
BROKERS = "SELECT MAX(CpuUser) FROM \"AWS/Kafka\" WHERE \"Cluster Name\" = 'lake'"


def of_expression(expression: str) -> dict:
    """A dashboard with one expression."""
    return dashboard([[{"expression": expression}]])


@pytest.mark.parametrize("parts", [
    {"one": alarm(**ERRORS)}, {"two": with_metric(**ERRORS)}, {"board": of_expression(LAG)}, {"board": of_expression(BROKERS)},
    {"board": dashboard([ROWS[2], ["...", {"stat": "Sum"}], [".", "Invocations", ".", "."]])},
], ids=["alarm", "math", "search", "query", "shorthand"])
def test_metric_of_aws_passes(made, parts):
    plan = made(**parts)
    assert aws_metrics.faults(plan) + uses.faults(plan) == []


@pytest.mark.parametrize(("parts", "pattern"), [
    ({"one": alarm(**ERRORS | {"metric_name": "IteratorAges"})}, "AWS/Lambda has no metric IteratorAges"),
    ({"one": alarm(**ERRORS | {"namespace": "AWS/Lamda"})}, "no namespace that this check knows: AWS/Lamda"),
    ({"one": alarm(**ERRORS | {"namespace": "Swiftlak"})}, "no namespace that this check knows: Swiftlak"),
    ({"one": alarm(**ERRORS | {"dimensions": {"Function": "small-job"}})}, "writes Errors by FunctionName, not by Function"),
    ({"one": alarm(**ERRORS | {"dimensions": {}})}, "not by no dimension"),
    ({"one": alarm(**ERRORS | {"dimensions": {"FunctionName": "small-jobs"}})}, "by FunctionName small-jobs: the plan has none of this name"),
    ({"one": alarm(namespace="AWS/Kinesis", metric_name="GetRecords.IteratorAgeMilliseconds", dimensions={"Stream": "a"})}, "by StreamName, not by Stream"),
    ({"two": with_metric(**ERRORS | {"metric_name": "Error"})}, "AWS/Lambda has no metric Error"),
    ({"board": dashboard([["AWS/Lambda", "Throttle", "FunctionName", "small-job"]])}, "Dead letters: AWS/Lambda has no metric Throttle"),
    ({"board": dashboard([ROWS[2], [".", "Fault", ".", "."]])}, "AWS/Lambda has no metric Fault"),
    ({"board": dashboard([["AWS/Lambda", "Errors", "Function", "small-job"]])}, "by FunctionName, not by Function"),
    ({"board": of_expression(LAG.replace("BytesInPerSec", "BytesInPerSecond"))}, "no metric BytesInPerSecond"),
    ({"board": of_expression(LAG.replace(",Topic", ",Broker"))}, "not by Broker and Cluster Name"),
    ({"board": of_expression(BROKERS.replace("CpuUser", "CPUUser"))}, "no metric CPUUser"),
    ({"board": of_expression(BROKERS.replace("Cluster Name", "ClusterName"))}, "not by ClusterName"),
    ({"one": alarm(namespace="AWS/S3", metric_name="NumberOfObjects", dimensions={"BucketName": None, "StorageType": "StandardStorage"})}, "no NumberOfObjects of StandardStorage"),
])
def test_metric_of_aws_is_rejected(made, parts, pattern):
    assert_one(aws_metrics.faults(made(**parts)), pattern)


@pytest.mark.parametrize(("expression", "pattern"), [
    ("errors / calls", "counts with calls, which there is not"),
    ("SEARCH('AWS/Lambda Errors', 'Sum', 300)", "cannot be read"),
    ("SELECT MAX(CpuUser) FROM SCHEMA(\"AWS/Kafka\", \"Cluster Name\")", "cannot be read"),
])
def test_expression_is_rejected(made, expression, pattern):
    board = dashboard([[*ROWS[2], {"id": "errors"}], [{"expression": expression}]])
    assert_one(uses.faults(made(board=board)), pattern)


def test_plan_without_a_definition_is_no_success(made):
    with pytest.raises(ValueError, match="no variable `definition`"):
        metrics.faults(made(variables={}), WRITTEN)


@pytest.mark.parametrize(("parts", "pattern"), [
    ({"one": alarm(alarm_description="")}, "a description of 0 characters"),
    ({"one": alarm(alarm_description="x" * 1025)}, "a description of 1025 characters"),
    ({"one": alarm(ok_actions=[])}, "no ok_actions: nobody hears of it"),
    ({"one": alarm(actions_enabled=False)}, "actions are switched off"),
    ({"one": alarm(period=90)}, "a period of 90 seconds"),
    ({"one": alarm(evaluation_periods=289)}, "looks back 86700 seconds, in periods of 300"),
    ({"one": alarm(period=86400, evaluation_periods=8)}, "looks back 691200 seconds"),
    ({"one": alarm(datapoints_to_alarm=4)}, "more data points than it looks at"),
    ({"one": alarm(treat_missing_data=None)}, "does not say what missing data means"),
    ({"two": share(metric_query=share()["metric_query"][1:])}, "metric math returns one result"),
    ({"index": "late/readings"}, "docs/operations.md has no section late"),
    ({"topic": policy(f"{ALARM_ARN}:small-dead-*")}, "takes alarms of .*small-dead-\\*, not .*:small-faults"),
    ({"board": dashboard(shown=["small-faults"])}, "does not show the alarm small-dead-letters-readings"),
    ({"board": dashboard(shown=["small-dead-letters-readings", "small-faults", "small-gone"])}, "shows the alarm small-gone, which there is not"),
])
def test_alarm_is_rejected(made, runbook, parts, pattern):
    assert_one(alarms.faults(made(**parts), runbook), pattern)


def test_two_alarms_of_one_name_are_rejected(made, runbook):
    faults = alarms.faults(made(two=share(alarm_name="small-dead-letters-readings")), runbook)
    assert "two alarms have the name small-dead-letters-readings" in faults


def test_runbook_is_rejected(made, runbook):
    runbook.write_text(RUNBOOK.replace("**Do.** C.\n\n### `faults`", "\n### `faults`"))
    assert_one(alarms.faults(made(), runbook), r"dead-letters: lacks \*\*Do\.\*\*")


def test_sections_of_nothing_are_rejected(runbook, tmp_path):
    (tmp_path / "alarms.tf").write_text('locals { alarms = { "dead-letters/${name}" = {}, "faults" = {} } }\n')
    assert alarms.unused_sections(tmp_path, runbook) == []
    runbook.write_text(RUNBOOK + "\n### gone\n\n**Means.** A.\n**Look at.** B.\n**Do.** C.\n")
    assert_one(alarms.unused_sections(tmp_path, runbook), "nothing in .* is called gone")
    assert alarms.unused_sections(emitted.REPOSITORY / "terraform") == []


SOURCE = """
extension Report {
    func log(_ context: Context) {
        context.log.info("done (or \\"not\\")")
        let counts = [("Polls", polls), ("UpstreamFaults", faults)]
        for (metric, count) in counts { context.metrics.put(metric, count, dimensions: ["Job": Poll.name]) }
        context.metrics.put("Delay", Int(delay), unit: .milliseconds, dimensions: ["Job": "poll", "Kind": kind])
    }

    func refuse(_ refusal: Refusal) {
        let metric =
            switch refusal {
            case .late: "RequestsLate"
            default: "RequestsRefused"
            }
        metrics.put(metric, 1)
    }
}
"""


def test_metrics_are_read_from_code(tmp_path):
    (tmp_path / "Report.swift").write_text(SOURCE)
    (tmp_path / "Poll.swift").write_text('struct Poll {\n    static let name = "poll-quotes"\n}\n')
    assert emitted.emitted(tmp_path) == {
        Metric("Polls", (("Job", "poll-quotes"),)),
        Metric("UpstreamFaults", (("Job", "poll-quotes"),)),
        Metric("Delay", (("Job", "poll"), ("Kind", None))),
        Metric("RequestsLate", ()),
        Metric("RequestsRefused", ()),
    }


def test_metrics_that_cannot_be_read_are_an_error(tmp_path):
    (tmp_path / "Report.swift").write_text("func log() {\n    metrics.put(name, 1)\n}\n")
    with pytest.raises(ValueError, match=r"cannot be read: metrics\.put\(name, 1\)"):
        emitted.emitted(tmp_path)


def test_every_way_of_the_code_to_count_is_known():
    """Every call in the sources is read, whatever it looks like: none but these put metrics."""
    calls = sum(
        len(re.findall(r"\bmetrics\s*[?!]?\s*\.\s*put\b", path.read_text())) for path in (emitted.REPOSITORY / "Sources").rglob("*.swift")
    )
    read = sum(len(emitted.CALL.findall(path.read_text())) for path in (emitted.REPOSITORY / "Sources").rglob("*.swift"))
    assert calls == read > 20
    names = {metric.name for metric in emitted.emitted()}
    assert {"RowsAppended", "Freshness", "FilesAfter", "Duration", "RequestsUnauthorized", "BootstrapFailures"} <= names
