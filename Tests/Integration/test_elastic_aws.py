"""The shipped kafka-elastic among its neighbours: osmem-server, a lake of Glue and S3, Secrets Manager; and under AWS's
Runtime Interface Emulator."""

import json

import pytest
from aws_lakes import packaged
from emulator import Emulator, emulator_path
from isolation import unpacked
from osmem import Osmem
from quotes import START_MS, TOPIC, bar, event_of, quote_event, quote_record
from readers import DEAD_LETTERS, pyiceberg_table
from runtime_api import Function
from servers import client
from support import ROOT

DONE = {"batchItemFailures": []}
SAMPLE = json.loads((ROOT / "events" / "kafka-elastic.json").read_text())
OF_SAMPLE = {
    "BTC/USD/2026-11-20T10:00:00Z": 58010.25, "BTC/USD/2026-11-20T10:01:00Z": 58021.0,
    "ETH/USD/2026-11-20T10:00:00Z": 3021.5, "ETH/USD/2026-11-20T10:01:00Z": 3020.25,
}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    with Osmem() as osmem:
        yield osmem


@pytest.fixture
def osmem(server):
    server.clear()
    yield server


def prices(osmem: Osmem) -> dict:
    return {name: source["price_crypto"] for name, source in osmem.documents().items()}


def test_dead_letters_go_to_glue_and_s3_and_the_key_comes_from_secrets_manager(new_lake, osmem):
    lake = new_lake("glue")
    glue = lake.endpoints["glue"]
    arn = client("secretsmanager", glue).create_secret(Name="elastic", SecretString='{"apiKey":"a-key"}')["ARN"]
    environment = lake.environment(
        ELASTICSEARCH_URL=osmem.url, ELASTICSEARCH_API_KEY_SECRET_ARN=arn, AWS_ENDPOINT_URL_SECRETS_MANAGER=glue
    )
    event = quote_event([quote_record({"BTC/USD": bar(START_MS, 5)}, 4), quote_record(b"no", 5), quote_record({"X": 1}, 6)])
    for _ in range(2):
        with Function("kafka-elastic", None, environment, program=packaged("kafka-elastic")) as function:
            assert function.invoke(event).reply == DONE, function.log_text()
            assert "a-key" not in function.log_text()
    assert prices(osmem) == {"BTC/USD/2026-11-20T10:00:00Z": 5}
    letters = lake.table(DEAD_LETTERS).scan().to_arrow().to_pylist()
    assert sorted((letter["shard"], letter["sequence_number"]) for letter in letters) == [(f"{TOPIC}-0", "5"), (f"{TOPIC}-0", "6")]
    assert len(lake.rows(DEAD_LETTERS)) == 2


def emulated(tmp_path, **environment) -> Emulator:
    function, lake = tmp_path / "function", tmp_path / "lake"
    unpacked("kafka-elastic", function)
    lake.mkdir()
    print(f"checked against {emulator_path()}")
    return Emulator(
        tmp_path, str(function / "bootstrap"), LAKE_CATALOG=f"sqlite:///{lake}/catalog.db",
        LAKE_WAREHOUSE=f"file://{lake}/warehouse", AWS_LAMBDA_FUNCTION_TIMEOUT="20", **environment,
    )  # fmt: skip


def test_the_zip_indexes_the_sample_event_under_the_emulator(tmp_path, osmem):
    emulator = emulated(tmp_path, ELASTICSEARCH_URL=osmem.url)
    try:
        for _ in range(2):
            assert json.loads(emulator.invoke(SAMPLE)) == DONE, emulator.lines()
        assert prices(osmem) == OF_SAMPLE
        bad = event_of({"BTC/USD": bar(START_MS, -1)}, first=900)
        assert json.loads(emulator.invoke(bad)) == DONE, emulator.lines()
        assert json.loads(emulator.invoke({"Records": []}))["errorType"].startswith("Event.")
        assert json.loads(emulator.invoke(event_of({"BTC/USD": bar(START_MS, 60_000)}, first=901))) == DONE
    finally:
        emulator.close()
    assert prices(osmem) == {**OF_SAMPLE, "BTC/USD/2026-11-20T10:00:00Z": 60_000}
    letters = pyiceberg_table(tmp_path / "lake", DEAD_LETTERS).scan().to_arrow().to_pylist()
    assert [letter["sequence_number"] for letter in letters] == ["900"]


def test_the_zip_says_what_to_set_under_the_emulator(tmp_path):
    emulator = emulated(tmp_path)
    try:
        reply = json.loads(emulator.invoke(SAMPLE))
    finally:
        emulator.close()
    assert reply["errorType"] == "ConfigurationError" and reply["errorMessage"].startswith("ELASTICSEARCH_URL is not set")


def test_the_zip_reports_what_it_cannot_index_under_the_emulator(tmp_path):
    emulator = emulated(tmp_path, ELASTICSEARCH_URL="http://127.0.0.1:9")
    try:
        reply = json.loads(emulator.invoke(SAMPLE))
    finally:
        emulator.close()
    # Record 100 is of the same minute as 101, whose price is higher: with 101 the document is whole.
    assert reply["errorType"] == "Elasticsearch.Incomplete"
    assert "coinbase-currencies-0 from 101" in reply["errorMessage"] and "coinbase-currencies-1 from 40" in reply["errorMessage"]
