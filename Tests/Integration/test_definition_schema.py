"""docs/lake.schema.json and the parser must agree about lake.json and about thousands of damaged copies of it."""

import copy
import json
import random
import re
import subprocess
from importlib.metadata import version

import jsonschema
import pytest

from support import ROOT, binary

LAKE = json.loads((ROOT / "lake.json").read_text())
SCHEMA = json.loads((ROOT / "docs/lake.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

# What one part says of another, which a schema cannot see.
CROSS_CHECKS = re.compile(
    "there is no |there is another |there is a table named|does not take a column|is a sort key already|is set by "
    "|is more than snapshots|lacks the column|must be of type|must not be required|is the source of"
    "|is the table of dead letters|its partition field would be|is too long: at most|must divide a day|must be a query"
    "|without a semicolon|a quote is not closed|a comment is not closed|ends in a comment"
    "|a folder is not named after|has no column|is of type |is filled by the stream|takes the logos|so that every value is "
    "|is of format parquet; |cannot be filled from this stream|needs symbols, here or|does not read "
)
WORDS = ["", "x", "int", "string", "timestamp", "iso8601", "id_device", "hour(timestamp)", "bucket(4, id_device)",
         "hour(cpu)", "timestamp desc", "drop", "kinesis", "a.b", "A", "5d", "0d", "12h", "arn:aws:kinesis:r:1:stream/s",
         "yyyy-MM-dd", "lake_db.dead_letters", "iot_db.sensor_readings", "x" * 300, "ü", "snappy", "7",
         "1", "0", "99", "truncate(4)", "true", "file:///data", "file:///a/../b", "@key", "@offset", "@partition",
         "@timestamp", "@topic", "@header:", "@header:a", "@", "kafka", "bars", "json", "1m", "90s", "7m", "8d", "0s",
         "localhost:9092", "localhost:65536", "arn:aws:kafka:r:1:cluster/c/u", "arn:aws:kafka:r:1:cluster/c", "parquet",
         "iceberg", "gold", "BTC/USD", "BTCUSD", "/", "https://a.b:8/c/", "http://a.b", "http://localhost:1", "http://[::1]",
         "https://a:0", "https://", "SELECT 1", "SELECT ';'", "with a AS (SELECT 1) SELECT 1", "SELECT 1;", "SELECT '",
         "SELECT 1 -- x", "/* */ select 1", "/* select 1", "INSERT", "s3://bucket/x", "s3://b/x", "s3://bucket/../x", "..", ".", "-a", "_a",
         "personal-data", "personal data", " ", "crypto_db.crypto_quote", "crypto_db.crypto_assets", "long", "date",
         "coinbase-currencies", "coinbase-trades", "sensor-readings", "60s", "61s"]  # fmt: skip
VALUES = [None, True, False, 0, 1, -1, 7, 2**31, 1.5, 5.0, [], {}, [[]], {"name": "x"}]
NAMES = ["name", "type", "doc", "timeFormat", "required", "sort", "partition", "retention", "snapshots", "snapshotAge",
         "minimumSnapshots", "properties", "write.parquet.compression-codec", "format-version", "swiftlake.snapshots.max",
         "arn", "kind", "decoder", "onBadRecord", "deadLetterTable", "nmae", "", "a'b", "from", "classification", "owner",
         "layer", "format", "warehouse", "allowDrop", "window", "index", "length", "delay", "maximumAhead", "cluster",
         "topic", "partitions", "replication", "symbols", "url", "iconSize", "views", "sql", "assets", "table", "source",
         "quotes", "stream", "interval"]  # fmt: skip

CLUSTER = "arn:aws:kafka:eu-west-1:123456789012:cluster/lake/0b5c9d3e-1"
PLAIN = {
    "name": "iot_db.plain", "format": "parquet", "partition": ["timestamp_sent"],
    "columns": [
        {"name": "id", "type": "int", "from": "number"}, {"name": "key", "type": "binary", "from": "@key"},
        {"name": "offset", "type": "string", "from": "@offset"}, {"name": "shard", "type": "string", "from": "@partition"},
        {"name": "at", "type": "timestamp", "from": "@timestamp"}, {"name": "stream", "type": "string", "from": "@topic"},
        {"name": "timestamp_sent", "type": "timestamp", "timeFormat": "yyyy-MM-dd HH", "classification": "internal"},
    ],
}  # fmt: skip

PROPERTIES = [*SCHEMA["$defs"]["table"]["properties"]["properties"]["properties"], "write.metadata.metrics.column.cpu",
              "write.metadata.metrics.column.nothing", "swiftlake.snapshots.maxx", "swiftlake.parquet.encodings",
              "write.target-file-size-bytes", "swiftlake.offsets.a"]  # fmt: skip


def places(value, found):
    """Every container in a document."""
    if isinstance(value, (dict, list)):
        found.append(value)
        for inner in value.values() if isinstance(value, dict) else value:
            places(inner, found)
    return found


def damaged(numbers: random.Random):
    document = copy.deepcopy(LAKE)
    # Optional members that lake.json itself does without.
    document["tables"][0]["sort"] = ["timestamp", "id_device desc nulls last"]
    document["tables"][0]["properties"] = {"write.parquet.compression-codec": "snappy"}
    document["tables"][2] |= {"warehouse": "s3://bucket/silver", "allowDrop": True, "format": "iceberg"}
    document["tables"].append(copy.deepcopy(PLAIN))
    document["streams"][2]["source"]["cluster"] = numbers.choice(["b-1:9092", CLUSTER])
    document["views"].append({"name": "crypto_db.other", "doc": "", "sql": "SELECT 1 FROM crypto_db.crypto_quote"})
    if numbers.randrange(4) == 0:
        document["tables"][0]["properties"][numbers.choice(PROPERTIES)] = numbers.choice(WORDS)
    for _ in range(numbers.choice([1, 1, 1, 2])):
        container = numbers.choice(places(document, []))
        keys = list(container) if isinstance(container, dict) else list(range(len(container)))
        action = numbers.randrange(6)
        new = numbers.choice([numbers.choice(WORDS), copy.deepcopy(numbers.choice(VALUES))])
        if action == 0 or not keys:
            if isinstance(container, dict):
                container[numbers.choice(NAMES)] = new
            else:
                container.append(new)
            continue
        key = numbers.choice(keys)
        if action == 1:
            del container[key]
        elif action == 2 and isinstance(container, dict):
            container[numbers.choice(NAMES)] = container.pop(key)
        elif action == 3 and isinstance(container[key], str) and container[key]:
            text = container[key]
            place = numbers.randrange(len(text))
            container[key] = text[:place] + numbers.choice(["", "_", " ", "A", ".", "0"]) + text[place + 1 :]
        elif action == 4 and isinstance(container, list):
            container.append(copy.deepcopy(container[key]))
        else:
            container[key] = new
    return document


def check(paths) -> dict[str, list[str]]:
    """The parser's problems of each file."""
    done = subprocess.run([binary("swiftlake"), "definition", "check", *map(str, paths)], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    problems = {str(path): [] for path in paths}
    for line in done.stderr.splitlines():
        path, _, problem = line.partition(": ")
        problems[path].append(problem)
    good = {line.split(" is good: ")[0] for line in done.stdout.splitlines()}
    assert good == {path for path, found in problems.items() if not found}
    return problems


def test_the_shipped_definition_is_good_to_both():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert list(VALIDATOR.iter_errors(LAKE)) == []
    done = subprocess.run(
        [binary("swiftlake"), "definition", "check", "lake.json"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    print("checked against jsonschema", version("jsonschema"))


@pytest.mark.parametrize("name", PROPERTIES)
def test_schema_and_parser_agree_on_the_values_of_every_property(tmp_path, name):
    values = ["", "0", "1", "2", "22", "23", "99", "x", "-1", "1.5", "01", "+1", "9" * 18, "9" * 19, "true", "false",
              "TRUE", "none", "counts", "full", "truncate(16)", "truncate(0)", "truncate(1234567890)", "bogus", "zstd",
              "snappy", "lzo", "parquet", "file:///a", "file:///a/", "file:///", "file:////a", "/a", "s3://b/a",
              "file:///a/./b", "file:///.."]  # fmt: skip
    documents = {}
    for index, value in enumerate(values):
        document = copy.deepcopy(LAKE)
        del document["tables"][0]["retention"]
        document["tables"][0]["properties"] = {name: value}
        path = tmp_path / f"{index}.json"
        path.write_text(json.dumps(document))
        documents[str(path)] = document
    for path, problems in check(documents).items():
        value = documents[path]["tables"][0]["properties"]
        others = [problem for problem in problems if not CROSS_CHECKS.search(problem)]
        if len(others) == len(problems):
            assert VALIDATOR.is_valid(documents[path]) == (problems == []), f"{value}: {problems}"


@pytest.mark.parametrize("name", ["partitions", "replication", "retention"])
def test_schema_and_parser_agree_on_how_topics_are_made(tmp_path, name):
    values = [0, 1, -1, 3.0, 2.5, 100, 101, 4000, 4001, 2**31, 2**63, 1e300, True, None, "3", "", "7d", "1s", "0d", "07d", "7 d", "7w", "-1",
              "3650d", "999999999d", "9999999999s", [], {}]  # fmt: skip
    documents = {}
    for index, value in enumerate(values):
        document = copy.deepcopy(LAKE)
        document["streams"][2]["source"][name] = value
        path = tmp_path / f"{index}.json"
        path.write_text(json.dumps(document))
        documents[str(path)] = document
    good = 0
    for path, problems in check(documents).items():
        value = documents[path]["streams"][2]["source"][name]
        others = [problem for problem in problems if not CROSS_CHECKS.search(problem)]
        assert VALIDATOR.is_valid(documents[path]) == (others == []), f"{value}: {problems}"
        assert all(problem.startswith(f"$.streams[2].source.{name}: ") for problem in problems), problems
        good += not problems
    assert good == {"partitions": 5, "replication": 3, "retention": 3}[name]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_schema_and_parser_agree_on_damaged_definitions(tmp_path, seed):
    numbers = random.Random(seed)
    documents = {}
    for index in range(500):
        path = tmp_path / f"{index}.json"
        documents[str(path)] = damaged(numbers)
        path.write_text(json.dumps(documents[str(path)]))
    valid = 0
    for path, problems in check(documents).items():
        faults = list(VALIDATOR.iter_errors(documents[path]))
        if faults:
            assert problems, f"only the schema refuses {path}: {faults[0].message} at {faults[0].json_path}"
        else:
            valid += 1
            others = [problem for problem in problems if not CROSS_CHECKS.search(problem)]
            assert not others, f"only the parser refuses {path}: {others}"
        for problem in problems:
            assert re.match(r"\$(\.|\[|:)", problem), problem
    print(f"seed {seed}: 500 documents, {valid} valid to jsonschema {version('jsonschema')}")
    assert 50 < valid < 450


def test_a_missing_or_unreadable_definition_is_named(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        done = subprocess.run([binary("swiftlake"), "definition", "check", str(path)], capture_output=True, text=True)
        assert done.returncode == 1
        assert str(path) in done.stderr
