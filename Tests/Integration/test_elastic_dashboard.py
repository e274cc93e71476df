"""The dashboard of dashboards/kibana is whole, asks for fields that the index has, and its script imports it."""

import json
import os
import re
import subprocess

import pytest
from elastic_stub import ElasticStub
from quotes import START_MS, bar, event_of
from runtime_api import Function
from scripted_server import Reply, ScriptedServer
from support import ROOT

FOLDER = ROOT / "dashboards" / "kibana"
LINES = [json.loads(line) for line in (FOLDER / "crypto.ndjson").read_text().splitlines()]
OBJECTS, DETAILS = LINES[:-1], LINES[-1]
DATA_VIEW, DASHBOARD = OBJECTS[0], OBJECTS[-1]
PANELS = [item for item in OBJECTS if item["type"] == "lens"]


def layers(panel: dict) -> dict:
    return panel["attributes"]["state"]["datasourceStates"]["formBased"]["layers"]


def test_the_export_counts_its_objects_and_every_reference_resolves():
    names = [(item["type"], item["id"]) for item in OBJECTS]
    assert len(set(names)) == len(names) == DETAILS["exportedCount"]
    assert DETAILS["missingRefCount"] == 0 and DETAILS["missingReferences"] == []
    for item in OBJECTS:
        assert item["coreMigrationVersion"] and item["typeMigrationVersion"]
        assert all((reference["type"], reference["id"]) in names for reference in item["references"]), item["id"]
    assert {item["type"] for item in OBJECTS} == {"index-pattern", "lens", "dashboard"}


def test_the_data_view_is_of_the_streams_index():
    (index,) = {stream["index"] for stream in json.loads((ROOT / "lake.json").read_text())["streams"] if "index" in stream}
    assert DATA_VIEW["attributes"]["title"] == index and DATA_VIEW["attributes"]["timeFieldName"] == "@timestamp"


def test_the_dashboard_shows_each_panel_once_and_none_overlap():
    panels = json.loads(DASHBOARD["attributes"]["panelsJSON"])
    for name in ("optionsJSON",):
        assert isinstance(json.loads(DASHBOARD["attributes"][name]), dict)
    json.loads(DASHBOARD["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    references = {reference["name"]: reference["id"] for reference in DASHBOARD["references"]}
    shown = [references.pop(f"{panel['panelIndex']}:{panel['panelRefName']}") for panel in panels]
    assert references == {} and sorted(shown) == sorted(item["id"] for item in PANELS)
    cells = set()
    for panel in panels:
        grid = panel["gridData"]
        assert grid["i"] == panel["panelIndex"] and 0 <= grid["x"] and grid["x"] + grid["w"] <= 48
        mine = {(x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])}
        assert not cells & mine
        cells |= mine


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["id"])
def test_a_panel_is_consistent_in_itself(panel):
    state = panel["attributes"]["state"]
    assert {reference["name"] for reference in panel["references"]} == {f"indexpattern-datasource-layer-{name}" for name in layers(panel)}
    for name, layer in layers(panel).items():
        columns = layer["columns"]
        assert sorted(layer["columnOrder"]) == sorted(columns)
        # Buckets stand before metrics.
        assert [columns[column]["isBucketed"] for column in layer["columnOrder"]] == sorted(
            (column["isBucketed"] for column in columns.values()), reverse=True
        )
        for column in columns.values():
            order = column.get("params", {}).get("orderBy", {})
            assert order.get("columnId", layer["columnOrder"][-1]) in columns
        visualization = state["visualization"]
        used = json.dumps(visualization)
        assert all(f'"{column}"' in used for column in columns), "a column that is not shown"
        shown = [visualization] if "columns" in visualization else visualization["layers"]
        assert [each["layerId"] for each in shown] == [name]
        for each in shown:
            wanted = [column["columnId"] for column in each.get("columns", [])] + each.get("accessors", [])
            wanted += [each[key] for key in ("xAccessor", "splitAccessor") if key in each]
            assert sorted(wanted) == sorted(columns)


def test_panels_ask_for_fields_of_the_template_in_ways_their_types_allow(tmp_path):
    with ElasticStub() as stub, Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint}) as function:
        function.invoke(event_of({"BTC/USD": bar(START_MS, 5)}))
        types = {name: field["type"] for name, field in stub.templates["crypto_quote"]["template"]["mappings"]["properties"].items()}
        (document,) = stub.sources.values()
    assert set(document) == set(types)
    allowed = {"date_histogram": {"date"}, "terms": {"keyword"}, "max": {"double"}, "last_value": {"double", "date", "keyword"}}
    asked = set()
    for panel in PANELS:
        for layer in layers(panel).values():
            for column in layer["columns"].values():
                if column["operationType"] == "count":
                    assert column["sourceField"] == "___records___"
                    continue
                params = column["params"]
                fields = [column["sourceField"], *params.get("secondaryFields", [])]
                assert all(types[field] in allowed[column["operationType"]] for field in fields), column
                kind = {"double": "number", "keyword": "string", "date": "date"}[types[fields[0]]]
                assert column["dataType"] == kind
                assert types[params.get("sortField", "@timestamp")] == "date"
                if column["operationType"] == "terms":
                    assert params["parentFormat"]["id"] == ("multi_terms" if len(fields) > 1 else "terms")
                for name in re.findall(r'"([^"]+)": \*', column.get("filter", {}).get("query", "")):
                    assert name in types
                asked |= set(fields)
    assert {"asset_id", "asset_type", "price_crypto", "@timestamp"} <= asked
    assert set(json.loads(DATA_VIEW["attributes"]["fieldFormatMap"])) <= set(types)


# MARK: the script


def run(*arguments, **environment) -> subprocess.CompletedProcess:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KIBANA_")}
    return subprocess.run(
        [str(FOLDER / "import.sh"), *arguments], capture_output=True, text=True, env={**plain, **environment}, timeout=60
    )


def taken(count: int = len(OBJECTS), success: bool = True, **others) -> Reply:
    return Reply(body=json.dumps({"successCount": count, "success": success, "warnings": [], **others}).encode())


def test_the_script_imports_every_object():
    with ScriptedServer(taken()) as kibana:
        done = run(KIBANA_URL=kibana.endpoint + "/", KIBANA_API_KEY="a key\"\\")
        assert done.returncode == 0, done.stderr
        assert f"imported {len(OBJECTS)} objects" in done.stdout
        (seen,) = kibana.seen
    assert (seen.method, seen.path) == ("POST", "/api/saved_objects/_import?overwrite=true")
    assert seen.fields["kbn-xsrf"] == "true" and seen.fields["authorization"] == "ApiKey a key\"\\"
    assert (FOLDER / "crypto.ndjson").read_bytes() in seen.body and b'name="file"; filename="crypto.ndjson"' in seen.body


def test_the_script_takes_a_user_a_space_and_another_file(tmp_path):
    (tmp_path / "mine.ndjson").write_text('{"attributes":{},"id":"x","type":"dashboard","references":[]}\n')
    with ScriptedServer(taken(1)) as kibana:
        done = run(str(tmp_path / "mine.ndjson"), KIBANA_URL=kibana.endpoint + "/s/lake", KIBANA_USERNAME="u", KIBANA_PASSWORD='p"\\ä')
        assert done.returncode == 0, done.stderr
        import base64

        assert kibana.seen[0].path.startswith("/s/lake/api/")
        assert base64.b64decode(kibana.seen[0].fields["authorization"].split()[1]).decode() == 'u:p"\\ä'


FAILURES = {
    "not all": taken(2, success=False, errors=[{"id": "x", "error": {"type": "missing_references"}}]),
    "too few": taken(2),
    "nothing": Reply(body=b"{}"),
    "HTML": Reply(body=b'<html>"success":true</html>'),
    "unauthorized": Reply(401, b'{"statusCode":401,"error":"Unauthorized","message":"no"}'),
    "redirect": Reply(302, b"", {"Location": "/login"}),
    "error": Reply(500, b'{"success":true,"successCount":5}'),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_the_script_fails_where_kibana_does_not_take_all(kind):
    with ScriptedServer(FAILURES[kind]) as kibana:
        done = run(KIBANA_URL=kibana.endpoint, KIBANA_API_KEY="hush")
    assert done.returncode == 1 and "did not take the objects" in done.stderr
    assert "hush" not in done.stdout + done.stderr


def test_the_script_says_that_kibana_is_away():
    done = run(KIBANA_URL="http://127.0.0.1:9")
    assert done.returncode == 2 and "cannot be reached" in done.stderr


MISUSES = {
    "no URL": ({}, (), "KIBANA_URL is not set"),
    "plain HTTP": ({"KIBANA_URL": "http://kibana.example.com"}, (), "must begin with https://"),
    "like loopback": ({"KIBANA_URL": "http://127.0.0.1.example.com"}, (), "must begin with https://"),
    "key and user": ({"KIBANA_URL": "https://k", "KIBANA_API_KEY": "hush", "KIBANA_USERNAME": "u"}, (), "only one of them"),
    "no password": ({"KIBANA_URL": "https://k", "KIBANA_USERNAME": "u"}, (), "KIBANA_PASSWORD is not set"),
    "line break": ({"KIBANA_URL": "https://k", "KIBANA_API_KEY": "hush\nurl=x"}, (), "control characters"),
    "option": ({}, ("--force",), "no option --force"),
    "two files": ({}, ("a", "b"), "takes one file"),
    "no file": ({"KIBANA_URL": "https://k"}, ("nowhere.ndjson",), "cannot be read"),
}


@pytest.mark.parametrize("kind", MISUSES)
def test_the_script_refuses_wrong_use(kind):
    environment, arguments, words = MISUSES[kind]
    done = run(*arguments, **environment)
    assert done.returncode == 64 and words in done.stderr and "hush" not in done.stderr


def test_the_script_explains_itself():
    done = run("--help")
    assert done.returncode == 0 and "KIBANA_URL" in done.stdout and "exit status" in done.stdout
