"""The shipped kafka-ingest on S3 with Glue, and under AWS's own emulator; pyiceberg and DuckDB judge its tables."""

import json

import pytest
from aws_lakes import KINDS, packaged
from emulator import Emulator, emulator_path
from kafka_events import TRADES, as_trade_row, kafka_event, kafka_record, trade_records, trades
from readers import DEAD_LETTERS, rows
from runtime_api import Function

DONE = {"batchItemFailures": []}


@pytest.mark.parametrize("kind", KINDS)
def test_partitions_replays_and_bad_records_on_s3(new_lake, kind):
    lake = new_lake(kind)
    streams = {partition: trades(300, seed=partition + 1) for partition in range(4)}
    bad = [kafka_record(partition=9, offset=offset, value=b"no") for offset in range(3)]
    for cut in (130, 200, 300):
        with Function("kafka-ingest", None, lake.environment(), program=packaged("kafka-ingest")) as function:
            for start in range(0, cut, 100):
                batch = [record for partition, stream in streams.items()
                         for record in trade_records(stream[start:min(start + 100, cut)], start, partition)]  # fmt: skip
                outcome = function.invoke(kafka_event(batch + bad))
                assert outcome.reply == DONE, function.log_text()
    expected = [as_trade_row(trade) for stream in streams.values() for trade in stream]
    assert lake.rows(TRADES) == sorted(expected, key=repr)
    assert len(lake.rows(DEAD_LETTERS)) == 3
    print(f"{len(expected)} rows on {kind}")


def test_a_lake_without_the_table_names_the_job_that_makes_it(new_lake):
    lake = new_lake("glue")
    environment = lake.environment(LAKE_CREATE_TABLES="0")
    with Function("kafka-ingest", None, environment, program=packaged("kafka-ingest")) as function:
        outcome = function.invoke(kafka_event(trade_records(trades(2))))
        assert outcome.error["errorType"] == "Ingest.Uncommitted"
        assert "bootstrap-tables" in outcome.error["errorMessage"] and TRADES in outcome.error["errorMessage"]


def test_under_the_emulator(tmp_path):
    """Replies, errors and a warm process, by AWS's own emulator."""
    lake = tmp_path / "lake"
    lake.mkdir()
    batch = trades(50)
    emulator = Emulator(
        tmp_path, packaged("kafka-ingest"), LAKE_DEFINITION=definition(),
        LAKE_CATALOG=f"sqlite:///{lake}/catalog.db", LAKE_WAREHOUSE=f"file://{lake}/warehouse",
    )  # fmt: skip
    try:
        print(f"checked against {emulator_path()}")
        for first in (0, 0, 20):
            event = kafka_event(trade_records(batch[first:], first=first))
            assert json.loads(emulator.invoke(event)) == DONE, emulator.lines()
        reply = json.loads(emulator.invoke(kafka_event(trade_records(batch, topic="payments"))))
        assert reply["errorType"] == "Ingest.UnknownStream" and "payments" in reply["errorMessage"]
        reply = json.loads(emulator.invoke({"Records": []}))
        assert reply["errorType"].startswith("Event.")
        assert json.loads(emulator.invoke(kafka_event(trade_records(batch)))) == DONE
    finally:
        emulator.close()
    assert rows(lake, TRADES) == sorted(map(as_trade_row, batch), key=repr)


def definition() -> str:
    from support import ROOT

    return str(ROOT / "lake.json")
