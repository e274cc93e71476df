"""Every check rejects the configuration that it is there for, for that reason and no other; a right one passes them all."""

import json
import re
import shutil
from pathlib import Path

import pytest

import check
import plan
import zips
from checks import dashboards, documents, openapi, policies
from iam.derivation import Derivation
from planned import Plan

HERE = Path(__file__).resolve().parent
BROKEN = HERE / "broken"


def expected(path: Path) -> str:
    """The pattern of the one fault, from a fixture's first line."""
    return re.match(r"# Rejected: (.*)\n", path.read_text()).group(1)


def assert_one(faults: list[str], pattern: str) -> None:
    # Terraform breaks its lines where they become long.
    words = [" ".join(fault.split()) for fault in faults]
    assert len(words) == 1 and re.search(pattern, words[0]), "\n".join(words) or "nothing was rejected"


@pytest.mark.parametrize("fixture", sorted((BROKEN / "planned").glob("*.tf")), ids=lambda path: path.stem)
def test_plan_is_rejected(fixture, tmp_path):
    shutil.copy(BROKEN / "versions.tf", tmp_path)
    shutil.copy(fixture, tmp_path)
    faults, _ = check.root_faults(tmp_path, {})
    assert_one(faults, expected(fixture))


def test_writing_is_rejected():
    """One fault of each fixture; checkov takes long to start, and so reads all of them at once."""
    faults, _ = check.folder_faults(BROKEN / "written")
    for fixture in sorted((BROKEN / "written").iterdir()):
        assert_one([fault for fault in faults if f"{fixture.name}/main.tf" in fault], expected(fixture / "main.tf"))
        faults = [fault for fault in faults if f"{fixture.name}/main.tf" not in fault]
    assert faults == []


@pytest.mark.parametrize(("report", "pattern"), [
    # As checkov 3.3.30 reports a folder without resources, and a file that it cannot parse.
    (
        {"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0, "checkov_version": "3.3.30"},
        "checkov found no resource",
    ),
    (
        {
            "check_type": "terraform",
            "results": {"failed_checks": []},
            "summary": {"passed": 0, "parsing_errors": 1, "resource_count": 3},
        },
        "could not read 1 files",
    ),
])
def test_a_report_on_nothing_is_no_success(report, pattern):
    assert_one(check.configuration.findings(report)[0], pattern)


def test_suppressions_of_a_whole_run_are_rejected(tmp_path, monkeypatch):
    settings = tmp_path / "checkov.yaml"
    settings.write_text((HERE / "checkov.yaml").read_text() + "skip-check:\n  - CKV_AWS_27\n")
    monkeypatch.setattr(check.configuration, "SETTINGS", settings)
    assert_one(check.configuration.suppression_faults(tmp_path), "suppress beside the resource")


def test_right_configuration_passes():
    faults, made = check.root_faults(HERE / "fixtures" / "small", {})
    assert faults == []
    assert made["module.bucket.aws_s3_bucket.this"]["bucket"] == "small-123456789012-bronze"
    assert made["aws_lambda_function.this"].is_unknown("arn")
    assert made["aws_kinesis_stream.this[\"readings\"]"]["tags_all"].keys() == {"owner", "environment", "layer", "classification"}
    assert [subnet.index for subnet in made.of_type("aws_subnet")] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    # A write-only argument is in no plan.
    assert "never in the state" not in json.dumps(made.document["planned_values"])


def main_plan_faults(tmp_path: Path, variables: dict, edit=lambda lake: None) -> list[str]:
    """Faults of the main root with an edited lake.json and zips of all jobs."""
    lake = json.loads((plan.REPOSITORY / "lake.json").read_text())
    edit(lake)
    (tmp_path / "lake.json").write_text(json.dumps(lake))
    given = {"definition": str(tmp_path / "lake.json"), "packages": str(zips.write(tmp_path / "dist"))} | variables
    return check.root_faults(plan.REPOSITORY / "terraform", given)[0]


def test_schedule_of_a_job_that_there_is_not_is_rejected(tmp_path):
    def edit(lake):
        lake["schedules"].append({"name": "nightly", "job": "compact-everything", "schedule": "rate(1 day)"})

    assert_one(main_plan_faults(tmp_path, {}, edit), r"schedules of jobs that there are not: nightly \(compact-everything\)")


def test_schedule_that_never_runs_is_rejected(tmp_path):
    def edit(lake):
        lake["schedules"][0]["schedule"] = "every minute"

    assert_one(main_plan_faults(tmp_path, {}, edit), "Not so: poll-quotes: every minute")


def test_folder_without_zips_is_rejected(tmp_path):
    zips.write(tmp_path / "empty", jobs=["kinesis-ingest"])
    # Terraform tells of each place where it would have read one.
    faults = main_plan_faults(tmp_path, {"packages": str(tmp_path / "empty")})
    assert len(faults) == 1 and "kafka-ingest.zip" in faults[0] and "kinesis-ingest.zip" not in faults[0], faults


def test_definition_that_is_no_json_is_rejected(tmp_path):
    (tmp_path / "broken.json").write_text("{")
    assert_one(main_plan_faults(tmp_path, {"definition": str(tmp_path / "broken.json")}), "definition: there is no such file, or it is no JSON")


def test_plans_of_two_sets_of_variables_differ_by_what_was_added():
    one = plan.plan(HERE / "fixtures" / "small")
    two = plan.plan(HERE / "fixtures" / "small", {"lakes": {"readings": 1, "quotes": 2}})
    assert two.addresses - one.addresses == {'aws_kinesis_stream.this["quotes"]'}
    assert one.addresses - two.addresses == set()


def test_a_plan_leaves_nothing_in_the_tree():
    root = HERE / "fixtures" / "small"
    before = sorted(root.rglob("*"))
    plan.plan(root)
    assert sorted(root.rglob("*")) == before


# What lint asks, and answers in which all is well.
WELL = {
    "folder_faults": lambda folder: ([], {}),
    "root_faults": lambda root, variables, file: ([], Plan({"planned_values": {}}, root)),
    "lake_faults": lambda made, calls: [],
    "alarms.unused_sections": lambda folder: [],
    "openapi.file_faults": lambda path: [],
    "iam.calls": lambda: (Derivation(), []),
}
ILL = {
    "folder_faults": lambda folder: (["a fault"], {}),
    "root_faults": lambda root, variables, file: (["a fault"], None),
    "lake_faults": lambda made, calls: ["a fault"],
    "alarms.unused_sections": lambda folder: ["a fault"],
    "openapi.file_faults": lambda path: ["a fault"],
    "iam.calls": lambda: (Derivation(), ["a fault"]),
}


@pytest.mark.parametrize("part", [None, *WELL])
def test_lint_fails_if_any_part_has_a_fault(monkeypatch, capsys, part):
    for name, answer in (WELL | ({part: ILL[part]} if part else {})).items():
        module, _, function = name.rpartition(".")
        monkeypatch.setattr(getattr(check, module) if module else check, function, answer)
    assert check.main() == (1 if part else 0)
    assert ("a fault" in capsys.readouterr().err) == (part is not None)


STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}


@pytest.mark.parametrize(("document", "kind", "pattern"), [
    ([], policies.IDENTITY, "no policy"),
    ({"Version": "2012-10-17", "Statement": []}, policies.IDENTITY, "no Statement"),
    ({"Version": "2008-10-17", "Statement": [STATEMENT]}, policies.IDENTITY, "Version is not"),
    ({"Statement": [STATEMENT]}, policies.IDENTITY, "Version is not"),
    ({"Version": "2012-10-17", "Statements": [], "Statement": [STATEMENT]}, policies.IDENTITY, "no member of a policy: Statements"),
    ({"Version": "2012-10-17", "Statement": ["Allow"]}, policies.IDENTITY, "no object"),
    ([STATEMENT | {"Effect": "Permit"}], policies.IDENTITY, "Effect is neither"),
    ([STATEMENT | {"Actions": ["s3:PutObject"]}], policies.IDENTITY, "no member of a statement: Actions"),
    ([STATEMENT | {"NotAction": "s3:PutObject"}], policies.IDENTITY, "has no Action, or two"),
    ([STATEMENT | {"Action": []}], policies.IDENTITY, "Action is empty"),
    ([STATEMENT | {"Action": "GetObject"}], policies.IDENTITY, "Action 'GetObject' is of no form"),
    ([STATEMENT | {"Resource": "bucket/*"}], policies.IDENTITY, "Resource 'bucket/\\*' is of no form"),
    ([STATEMENT | {"Resource": ["arn:aws:s3:::"]}], policies.IDENTITY, "Resource 'arn:aws:s3:::' is of no form"),
    ([STATEMENT | {"Sid": "read-objects"}], policies.IDENTITY, "Sid takes letters"),
    ([STATEMENT | {"Sid": "Read"}, STATEMENT | {"Sid": "Read"}], policies.IDENTITY, "Sid Read stands twice"),
    ([STATEMENT | {"Principal": "*"}], policies.IDENTITY, "has no Principal"),
    ([STATEMENT], policies.KINDS["aws_s3_bucket_policy", "policy"], "has no Principal, or two"),
    ([STATEMENT | {"Principal": "*"}], policies.TRUST, "a trust policy has no Resource"),
    ([STATEMENT | {"Condition": {"StringEqual": {"aws:SourceAccount": "1"}}}], policies.IDENTITY, "no operator StringEqual"),
    ([STATEMENT | {"Condition": {"StringEquals": {}}}], policies.IDENTITY, "names no key"),
    ([STATEMENT | {"Condition": {"StringEquals": {"SourceAccount": "1"}}}], policies.IDENTITY, "names no service"),
    ([STATEMENT | {"Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": []}}}], policies.IDENTITY, "has no value"),
])
def test_policy_is_rejected(document, kind, pattern):
    if isinstance(document, list) and document:
        document = {"Version": "2012-10-17", "Statement": document}
    assert_one(policies.document_faults(json.dumps(document), kind), pattern)


def test_policy_passes_as_aws_counts_it():
    condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/data"}, "Null": {"aws:TokenIssueTime": "true"}}
    statement = STATEMENT | {"Sid": "Read", "Condition": condition}
    document = {"Version": "2012-10-17", "Statement": [statement, {"Effect": "Deny", "NotAction": "s3:*", "NotResource": ["*"]}]}
    assert policies.document_faults(json.dumps(document, indent=200), policies.IDENTITY) == []


def metric(*words, **properties):
    return {"type": "metric", "properties": {"region": "eu-west-1", "metrics": list(words)} | properties}


ERRORS = ["AWS/Lambda", "Errors", "FunctionName", "job"]


@pytest.mark.parametrize(("widgets", "pattern"), [
    ([], "no widgets"),
    (["text"], "a widget is no object"),
    ([{"type": "metric"}], "no properties"),
    ([{"type": "graph", "properties": {}}], "there is no type 'graph'"),
    ([{"type": "text", "properties": {}}], "needs markdown"),
    ([{"type": "alarm", "properties": {"title": "alarms"}}], "needs alarms"),
    ([{"type": "log", "properties": {"query": "fields @message"}}], "no region"),
    ([{"type": "metric", "properties": {"metrics": [ERRORS]}}], "no region"),
    ([metric()], "no metrics"),
    ([metric("AWS/Lambda")], "metric 1: no array"),
    ([metric(ERRORS[:1])], "is not namespace, name"),
    ([metric([*ERRORS, {"statistic": "Sum"}])], "there is no option statistic"),
    ([metric([{"label": "share"}])], "neither a metric nor an expression"),
    ([metric([".", "Errors", ".", "."])], "refers to a metric before it"),
    ([metric([*ERRORS[:3], None])], "a word is no text"),
    ([metric(ERRORS) | {"x": 20, "y": 0, "width": 6}], "reaches beyond the 24 columns"),
    ([metric(ERRORS) | {"x": 0, "y": 0, "height": 0}], "height is not from 1"),
    ([metric(ERRORS) | {"x": 0}], "has one of x and y"),
    ([metric(ERRORS) | {"x": 0, "y": 0}, metric(ERRORS) | {"x": 5, "y": 5}], "widgets 1 and 2 overlap"),
])
def test_dashboard_is_rejected(widgets, pattern):
    assert_one(dashboards.body_faults(json.dumps({"widgets": widgets})), pattern)


def test_dashboard_passes():
    share = [{"expression": "errors / invocations", "id": "share"}]
    widgets = [
        metric(ERRORS, [".", "Invocations", ".", ".", {"id": "invocations", "stat": "Sum"}], share) | {"x": 0, "y": 0, "width": 12},
        {"type": "alarm", "x": 12, "y": 0, "width": 12, "height": 6, "properties": {"alarms": ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:late"]}},
        {"type": "text", "x": 0, "y": 6, "width": 24, "height": 2, "properties": {"markdown": "# Lake"}},
    ]
    assert dashboards.body_faults(json.dumps({"widgets": widgets})) == []


API = "openapi: 3.1.0\ninfo: {title: edge, version: 1.0.0}\npaths: {/v1: {get: {responses: {200: {description: all}}}}}\n"


@pytest.mark.parametrize(("text", "pattern"), [
    ("openapi: [3.1.0", "no YAML"),
    ("- openapi", "no object"),
    (API.replace("3.1.0", "2.0"), "openapi is 2.0"),
    (API.replace("title: edge, ", ""), "info has no title"),
    (API.replace("/v1: {get: {responses: {200: {description: all}}}}", ""), "no paths"),
    (API.replace("/v1:", "v1:"), "v1: is no path"),
    (API.replace("get:", "fetch:"), "has no operation"),
    (API.replace("200", "OK"), "OK is no status"),
    (API.replace("description: all", "$ref: '#/components/responses/all'"), "components/responses/all leads nowhere"),
])
def test_openapi_is_rejected(text, pattern):
    assert_one(openapi.text_faults(text), pattern)


def test_openapi_passes():
    assert openapi.text_faults(API) == []


@pytest.mark.parametrize("expression", ["rate(1 minute)", "rate(5 minutes)", "cron(0 2 ? * SUN *)", "at(2026-11-22T02:00:00)"])
def test_schedule_expression_passes(expression):
    assert documents.EXPRESSION.fullmatch(expression)
