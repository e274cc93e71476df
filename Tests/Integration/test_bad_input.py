"""What kinesis-ingest says of bad events, bad configuration and a bad disk, and that nothing is lost."""

import errno
import json
import os
import subprocess

import pytest
from readers import rows
from runtime_api import Function
from sensors import as_row, kinesis_event, readings, sequence_number

GOOD = readings(5)


def invoke_once(lake, event, environment=None):
    with Function("kinesis-ingest", lake, environment) as function:
        return function.invoke(event)


@pytest.mark.parametrize(
    "event, expected",
    [
        (b"", "event"),
        (b"{}", "Records"),
        (b'{"Records": []}', "Records"),
        (b"not json", "JSON"),
        (b"null", "object"),
        (b"[]", "object"),
        (b'{"Records": {}}', "Records"),
        (b'{"Records": [{}]}', "Records[0]"),
        (b'{"Records": [{"eventSource": "aws:sqs", "body": "x"}]}', "aws:sqs"),
        (b'{"eventSource": "aws:kafka", "records": {}}', "aws:kafka"),
        (b"[" * 100_000, "nested"),
        (b'{"Records":' + b"[" * 100_000, "Records"),
    ],
    ids=["empty", "no-records", "none-in-records", "not-json", "null", "array", "records-object", "record-empty", "sqs", "kafka",
         "nested", "nested-records"],
)
def test_an_event_that_is_none_is_a_function_error(tmp_path, event, expected):
    with Function("kinesis-ingest", tmp_path) as function:
        outcome = function.invoke(event)
        assert outcome.error is not None, outcome
        assert expected in outcome.error["errorMessage"]
        assert outcome.error["errorType"]
        after = function.invoke(kinesis_event(GOOD))
        assert after.reply == {"batchItemFailures": []}, "the function goes on after a bad event"
    assert len(rows(tmp_path)) == len(GOOD)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_truncated_base64_is_a_dead_letter(tmp_path, cut):
    event = kinesis_event(GOOD)
    event["Records"][2]["kinesis"]["data"] = event["Records"][2]["kinesis"]["data"][:-cut]
    assert invoke_once(tmp_path, event).reply == {"batchItemFailures": []}
    assert len(rows(tmp_path)) == len(GOOD) - 1
    assert len(rows(tmp_path, "lake_db.dead_letters")) == 1


def test_an_unknown_stream_is_named(tmp_path):
    outcome = invoke_once(tmp_path, kinesis_event(GOOD, stream="arn:aws:kinesis:eu-west-1:1:stream/other"))
    assert "other" in outcome.error["errorMessage"] and "sensor-readings" in outcome.error["errorMessage"]


@pytest.mark.parametrize(
    "text, expected",
    [("{", "lake.json"), ('{"tabels": []}', "tables"), ("", "lake.json")],
    ids=["truncated", "misspelt", "empty"],
)
def test_an_unreadable_definition_is_an_init_error(tmp_path, text, expected):
    (tmp_path / "lake.json").write_text(text)
    with Function("kinesis-ingest", tmp_path, {"LAKE_DEFINITION": str(tmp_path / "lake.json")}) as function:
        outcome = function.initialised()
        assert expected in outcome.error["errorMessage"]
        assert function.process.wait(10) == 1


def test_a_missing_definition_is_an_init_error(tmp_path):
    with Function("kinesis-ingest", tmp_path, {"LAKE_DEFINITION": str(tmp_path / "none.json")}) as function:
        assert "none.json" in function.initialised().error["errorMessage"]
        assert function.process.wait(10) == 1


def test_on_lambda_a_missing_setting_is_an_init_error(tmp_path):
    environment = {"AWS_LAMBDA_FUNCTION_NAME": "ingest", "LAKE_WAREHOUSE": ""}
    with Function("kinesis-ingest", tmp_path, environment) as function:
        assert "LAKE_WAREHOUSE" in function.initialised().error["errorMessage"]
        assert function.process.wait(10) == 1


def test_a_corrupt_catalog_is_named_and_nothing_is_lost(tmp_path):
    (tmp_path / "catalog.db").write_bytes(b"this is no database, but it is long enough to look like a file" * 50)
    with Function("kinesis-ingest", tmp_path) as function:
        error = function.initialised().error
        assert "catalog.db" in error["errorMessage"] and "not a database" in error["errorMessage"]
        assert error["errorType"] == "Iceberg.malformed"
        assert function.process.wait(10) == 1
    (tmp_path / "catalog.db").unlink()
    assert invoke_once(tmp_path, kinesis_event(GOOD)).reply == {"batchItemFailures": []}
    assert rows(tmp_path) == sorted(map(as_row, GOOD), key=repr)


def test_a_catalog_damaged_under_a_warm_function_loses_nothing(tmp_path):
    batch = readings(10)
    with Function("kinesis-ingest", tmp_path) as function:
        assert function.invoke(kinesis_event(batch[:5])).reply == {"batchItemFailures": []}
        whole = (tmp_path / "catalog.db").read_bytes()
        (tmp_path / "catalog.db").write_bytes(b"damage" * 100 + whole[600:])
        more = kinesis_event(batch[5:], first=5)
        outcome = function.invoke(more)
        assert outcome.reply == {"batchItemFailures": [{"itemIdentifier": sequence_number(5)}]}
        assert "catalog.db" in function.log_text()
        (tmp_path / "catalog.db").write_bytes(whole)
    assert invoke_once(tmp_path, more).reply == {"batchItemFailures": []}
    assert rows(tmp_path) == sorted(map(as_row, batch), key=repr)


def test_a_read_only_warehouse_is_named_and_nothing_is_lost(tmp_path):
    """A read-only bind mount, because root may write where permissions say no."""
    event = kinesis_event(GOOD)
    assert invoke_once(tmp_path, event).reply == {"batchItemFailures": []}
    more = kinesis_event(readings(10)[5:], first=5)
    warehouse = tmp_path / "warehouse"
    subprocess.run(["mount", "--bind", warehouse, warehouse], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", warehouse], check=True)
        with Function("kinesis-ingest", tmp_path) as function:
            outcome = function.invoke(more)
            assert outcome.reply == {"batchItemFailures": [{"itemIdentifier": sequence_number(5)}]}
            assert "ead-only" in function.log_text() and str(warehouse) in function.log_text()
    finally:
        subprocess.run(["umount", warehouse], check=True)
    assert len(rows(tmp_path)) == 5
    assert invoke_once(tmp_path, more).reply == {"batchItemFailures": []}
    assert len(rows(tmp_path)) == 10


def test_a_full_disk_is_named_and_nothing_is_lost(tmp_path):
    warehouse = tmp_path / "warehouse"
    warehouse.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", warehouse], check=True)
    try:
        first = kinesis_event(readings(20))
        assert invoke_once(tmp_path, first).reply == {"batchItemFailures": []}
        filler = warehouse / "filler"
        try:
            with open(filler, "wb", buffering=0) as file:
                while True:
                    file.write(os.urandom(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC
        with Function("kinesis-ingest", tmp_path) as function:
            second = kinesis_event(readings(40)[20:], first=20)
            outcome = function.invoke(second)
            assert outcome.reply == {"batchItemFailures": [{"itemIdentifier": sequence_number(20)}]}
            assert "No space left" in function.log_text()
            assert len(rows(tmp_path)) == 20
            filler.unlink()
            assert function.invoke(second).reply == {"batchItemFailures": []}
        assert len(rows(tmp_path)) == 40
    finally:
        subprocess.run(["umount", warehouse], check=True)


def test_no_payload_is_logged(tmp_path):
    with Function("kinesis-ingest", tmp_path, {"AWS_LAMBDA_LOG_LEVEL": "TRACE"}) as function:
        function.invoke(kinesis_event([b'{"temperature": "s3cr3t-payload"}', b"s3cr3t-payload"]))
        assert "s3cr3t-payload" not in json.dumps(function.logs())
