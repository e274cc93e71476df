"""refresh-assets as the real binary: against an upstream that misbehaves, on every kind of lake, and read back by
pyiceberg and DuckDB."""

import json
import time
from datetime import UTC, datetime

import pytest
from aws_lakes import packaged
from coinapi import HTML, KEY, CoinAPI, icons, listed
from emulator import Emulator, emulator_path
from runtime_api import Function
from scripted_server import Reply
from servers import ACCESS_KEY, REGION, SECRET_KEY
from support import duckdb_connection, sql_catalog

LOGOS = "crypto_db.crypto_assets"
RULE = {
    "version": "0", "id": "6f87d04b-9f74-4f04-a780-7acf4b0a9b38", "detail-type": "Scheduled Event", "source": "aws.events",
    "account": "123456789012", "time": "2026-11-20T06:00:00Z", "region": REGION, "detail": {},
    "resources": [f"arn:aws:events:{REGION}:123456789012:rule/refresh-assets"],
}  # fmt: skip
SCHEDULER = {**RULE, "id": "c1", "source": "aws.scheduler", "detail": "{}"}


@pytest.fixture
def definition(tmp_path):
    """A lake.json of the table of logos alone."""
    columns = [("asset_id", "string"), ("url", "string"), ("load_date", "timestamp")]
    text = {
        "databases": [{"name": "crypto_db"}, {"name": "lake_db"}],
        "tables": [{"name": LOGOS, "columns": [{"name": name, "type": kind} for name, kind in columns]}],
        "streams": [],
        "assets": {"table": LOGOS, "symbols": ["BTC/USD"], "iconSize": 64},
    }
    path = tmp_path / "lake.json"
    path.write_text(json.dumps(text))
    return {"LAKE_DEFINITION": str(path)}


def settings(upstream: CoinAPI, definition: dict, **more) -> dict:
    return {"COINAPI_URL": upstream.endpoint, "COINAPI_KEY": KEY, **definition, **more}


def rows(lake) -> list[dict]:
    return sql_catalog(lake).load_table(LOGOS).scan().to_arrow().to_pylist()


def refused(function: Function, event, kind: str, *parts: str) -> str:
    """The error of an event that must fail, whose words hold all parts; no log shows the key."""
    outcome = function.invoke(event)
    assert outcome.error is not None, outcome
    message = outcome.error["errorMessage"]
    assert outcome.error["errorType"] == kind, outcome.error
    for part in parts:
        assert part in message, message
    assert KEY not in json.dumps(outcome.error) + function.log_text()
    return message


def test_two_thousand_logos_become_one_snapshot(tmp_path, definition):
    lake = tmp_path / "lake"
    entries = icons(2100) + [{"asset_id": "NOURL"}, {"url": "https://x"}, {"asset_id": "", "url": "u"}, None, 7]
    entries += [{"asset_id": "'; drop table crypto_assets; --", "url": "https://x/1.png"}, icons(1)[0]]
    before = datetime.now(UTC).replace(tzinfo=None)
    with CoinAPI(listed(entries)) as upstream:
        with Function("refresh-assets", lake, settings(upstream, definition)) as function:
            reply = function.invoke(RULE).reply
            metrics = [line for line in function.logs() if "LogosAppended" in line]
        (request,) = upstream.seen
    assert request.path == "/v1/assets/icons/64" and request.fields["accept"] == "application/json"
    table = sql_catalog(lake).load_table(LOGOS)
    (snapshot,) = table.snapshots()
    assert reply == {
        "logos": 2101, "dropped": 5, "duplicates": 1, "snapshot": str(snapshot.snapshot_id), "executionId": RULE["id"],
        "replayed": False,
    }  # fmt: skip
    assert metrics[0]["LogosAppended"] == 2101 and metrics[0]["LogosDropped"] == 5
    found = rows(lake)
    expected = {(entry["asset_id"], entry["url"]) for entry in icons(2100)}
    expected.add(("'; drop table crypto_assets; --", "https://x/1.png"))
    assert {(row["asset_id"], row["url"]) for row in found} == expected and len(found) == 2101
    (load_date,) = {row["load_date"] for row in found}
    assert before <= load_date.replace(microsecond=load_date.microsecond) or (before - load_date).total_seconds() < 1
    by_duckdb = duckdb_connection().execute(
        f"select asset_id, url, load_date from iceberg_scan('{table.metadata_location}')"
    ).fetchall()  # fmt: skip
    assert sorted(by_duckdb) == sorted(tuple(row.values()) for row in found)
    print("checked with pyiceberg and DuckDB")


def test_a_repeated_schedule_adds_nothing_and_asks_nobody(tmp_path, definition):
    lake = tmp_path / "lake"
    with CoinAPI(listed(icons(3))) as upstream:
        environment = settings(upstream, definition)
        with Function("refresh-assets", lake, environment) as function:
            first = function.invoke(SCHEDULER).reply
            assert function.invoke(SCHEDULER).reply["replayed"]
        # A cold process knows it too.
        with Function("refresh-assets", lake, environment) as function:
            again = function.invoke({"executionId": "c1"}).reply
            assert again == {**first, "logos": 0, "replayed": True}
            assert function.invoke({"executionId": "c2"}).reply["logos"] == 3
            unnamed = function.invoke({}).reply
        assert len(upstream.seen) == 3
    assert unnamed["logos"] == 3 and unnamed["executionId"] and "every other request appends" in unnamed["note"]
    assert len(rows(lake)) == 9


def test_executions_are_known_after_another_engine_rewrote_and_expired(tmp_path, definition):
    """What Athena's OPTIMIZE and VACUUM do to a table, by pyiceberg: no snapshot is left that names an execution."""
    lake = tmp_path / "lake"
    with CoinAPI(listed(icons(3))) as upstream:
        with Function("refresh-assets", lake, settings(upstream, definition)) as function:
            function.invoke({"executionId": "a"})
            table = sql_catalog(lake).load_table(LOGOS)
            table.overwrite(table.scan().to_arrow())
            current = table.current_snapshot().snapshot_id
            others = [snapshot.snapshot_id for snapshot in table.snapshots() if snapshot.snapshot_id != current]
            table.maintenance.expire_snapshots().by_ids(others).commit()
            (alone,) = sql_catalog(lake).load_table(LOGOS).snapshots()
            assert "swiftlake.state.assets" not in alone.summary.additional_properties
            assert function.invoke({"executionId": "a"}).reply["replayed"]
        with Function("refresh-assets", lake, settings(upstream, definition)) as function:
            assert function.invoke({"executionId": "a"}).reply["replayed"]
            assert function.invoke({"executionId": "b"}).reply["logos"] == 3
    assert len(rows(lake)) == 6


def test_an_upstream_that_is_busy_is_waited_for(tmp_path, definition):
    busy = Reply(429, b'{"error":"Too many requests"}', {"Retry-After": "1"})
    with CoinAPI(busy, Reply(500, b"oops"), Reply(503), listed(icons(2))) as upstream:
        with Function("refresh-assets", tmp_path / "lake", settings(upstream, definition)) as function:
            assert function.invoke({"executionId": "a"}).reply["logos"] == 2
        assert len(upstream.seen) == 4 and upstream.times[1] - upstream.times[0] >= 1


def test_nothing_is_waited_for_past_the_deadline(tmp_path, definition):
    with CoinAPI(Reply(429, b"", {"Retry-After": "30"})) as upstream:
        with Function("refresh-assets", tmp_path / "lake", settings(upstream, definition)) as function:
            function.deadline_ms = 5_000
            began = time.monotonic()
            refused(function, {}, "Assets.Unavailable", "429")
            assert time.monotonic() - began < 3 and len(upstream.seen) == 1


def test_an_upstream_that_says_nothing_ends_in_time_and_the_next_try_succeeds(tmp_path, definition):
    lake = tmp_path / "lake"
    with CoinAPI(20) as upstream:
        with Function("refresh-assets", lake, settings(upstream, definition)) as function:
            function.deadline_ms = 6_000
            began = time.monotonic()
            refused(function, {"executionId": "a"}, "Assets.Unavailable", "timedOut")
            assert time.monotonic() - began < 6
            upstream.script = [0.5, listed(icons(2))]
            assert function.invoke({"executionId": "a"}).reply["logos"] == 2
    assert len(rows(lake)) == 2


def test_what_is_no_list_is_refused_and_nothing_appended(tmp_path, definition):
    lake = tmp_path / "lake"
    whole = json.dumps(icons(50)).encode()
    cases = [
        (Reply(200, HTML, {"Content-Type": "text/html"}), "Assets.BadReply", f"HTML or XML of {len(HTML)} bytes came as text/html"),
        (Reply(200, whole[:-20]), "Assets.BadReply", "a JSON array that is broken or cut short", "truncated at byte"),
        (Reply(200, b""), "Assets.BadReply", "an empty text"),
        (Reply(200, b'{"error":"x"}'), "Assets.BadReply", "a JSON object"),
        (Reply(200, b"\x00\xff\xfe"), "Assets.BadReply", "something else"),
        (Reply(200, b" " * (33 << 20) + b"[]"), "Assets.BadReply", "larger than any list", "33554432 bytes"),
        (listed([]), "Assets.NoLogos", "it has 0 entries"),
        (listed([{"asset_id": None, "url": None}]), "Assets.NoLogos", "it has 1 entries"),
        (Reply(404, b""), "Assets.Unavailable", "COINAPI_URL"),
        (Reply(500, HTML), "Assets.Unavailable", "500", "after 4 attempts"),
    ]
    with CoinAPI(listed([])) as upstream:
        with Function("refresh-assets", lake, settings(upstream, definition)) as function:
            for reply, kind, *parts in cases:
                upstream.script = [reply]
                print(refused(function, {"executionId": "a"}, kind, *parts))
            # A reply that ends before its length says so, too.
            upstream.script = [Reply(0)]
            refused(function, {"executionId": "a"}, "Assets.Unavailable", "connectionLost")
            upstream.script = [listed(icons(2))]
            assert function.invoke({"executionId": "a"}).reply["logos"] == 2
    assert len(rows(lake)) == 2


def test_a_redirect_does_not_get_the_key(tmp_path, definition):
    with CoinAPI(listed(icons(1))) as other:
        with CoinAPI(Reply(302, b"", {"Location": other.endpoint + "/elsewhere"})) as upstream:
            with Function("refresh-assets", tmp_path / "lake", settings(upstream, definition)) as function:
                refused(function, {}, "Assets.Unavailable", "Redirect", "COINAPI_URL")
        assert other.seen == []


def test_a_wrong_key_is_named_and_not_shown(tmp_path, definition):
    with CoinAPI(listed(icons(1)), key="another") as upstream:
        with Function("refresh-assets", tmp_path / "lake", settings(upstream, definition)) as function:
            refused(function, {}, "Assets.KeyRefused", "COINAPI_KEY", "[401]")


@pytest.mark.parametrize("form", ["{key}", '{{"COINAPI_KEY": "{key}", "user": "x"}}', '{{"apiKey":"{key}"}}', "{key}\n"])
def test_the_key_comes_from_secrets_manager(tmp_path, definition, moto, form):
    secrets = moto.client("secretsmanager")
    arn = secrets.create_secret(Name="coinapi", SecretString=form.format(key=KEY))["ARN"]
    environment = {
        "COINAPI_KEY_SECRET_ARN": arn, "AWS_ENDPOINT_URL_SECRETS_MANAGER": moto.endpoint, "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, **definition,
    }  # fmt: skip
    with CoinAPI(listed(icons(2))) as upstream:
        with Function("refresh-assets", tmp_path / "lake", {"COINAPI_URL": upstream.endpoint, **environment}) as function:
            assert function.invoke({"executionId": "a"}).reply["logos"] == 2
            # The key is exchanged while the process keeps the old one: it is asked for again, without a failed run.
            upstream.key = "the-next-key"
            secrets.put_secret_value(SecretId=arn, SecretString=form.format(key="the-next-key"))
            assert function.invoke({"executionId": "b"}).reply["logos"] == 2
            assert [seen.fields["x-coinapi-key"] for seen in upstream.seen] == [KEY, KEY, "the-next-key"]
            upstream.key = "nobody has it"
            refused(function, {}, "Assets.KeyRefused", "COINAPI_KEY_SECRET_ARN")
            assert "the-next-key" not in function.log_text()


def test_a_missing_secret_is_named(tmp_path, definition, moto):
    arn = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:nothing-AbCdEf"
    environment = {
        "COINAPI_KEY_SECRET_ARN": arn, "AWS_ENDPOINT_URL": moto.endpoint, "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, **definition,
    }  # fmt: skip
    with Function("refresh-assets", tmp_path / "lake", environment) as function:
        outcome = function.invoke({})
        assert "secretsmanager GetSecretValue: ResourceNotFoundException" in outcome.error["errorMessage"], outcome


def test_settings_that_are_missing_or_wrong_end_initialisation(tmp_path, definition):
    for environment, part in [
        ({}, "COINAPI_KEY is not set, and neither is COINAPI_KEY_SECRET_ARN"),
        ({"COINAPI_KEY": KEY, "COINAPI_URL": "http://example.com"}, "COINAPI_URL must be https://"),
        ({"COINAPI_KEY": KEY, "COINAPI_KEY_SECRET_ARN": "arn:x"}, "only one of them may be"),
    ]:
        with Function("refresh-assets", tmp_path / "lake", {**definition, **environment}) as function:
            error = function.initialised().error
            assert part in error["errorMessage"], error
            assert KEY not in function.log_text()


@pytest.mark.parametrize(
    "event, kind",
    [
        ({"Records": []}, "Event.BadValue"), ([], "Event.WrongKind"), (b"no", "Event.Malformed"), ("x", "Event.WrongKind"),
        ({"executionId": 5}, "Event.WrongKind"), ({"executionId": "<aws.scheduler.execution-id>"}, "Event.BadValue"),
        ({"executionId": "x" * 129}, "Event.BadValue"),
    ],
)  # fmt: skip
def test_other_events_are_refused(tmp_path, definition, event, kind):
    with CoinAPI(listed(icons(1))) as upstream:
        with Function("refresh-assets", tmp_path / "lake", settings(upstream, definition)) as function:
            refused(function, event, kind)
            assert upstream.seen == []


@pytest.mark.parametrize("kind", ["glue", "rest-sigv4"])
def test_a_lake_on_s3_takes_them_once(new_lake, definition, kind):
    lake = new_lake(kind)
    with CoinAPI(listed(icons(2100))) as upstream:
        environment = lake.environment(**settings(upstream, definition))
        for _ in range(2):
            with Function("refresh-assets", None, environment) as function:
                reply = function.invoke(RULE).reply
    assert reply["replayed"] and len(lake.rows(LOGOS)) == 2100
    print(f"checked against {kind} with pyiceberg and DuckDB")


def test_two_processes_that_run_one_execution_add_it_once(tmp_path, definition):
    lake = tmp_path / "lake"
    with CoinAPI(listed(icons(1))) as upstream:
        environment = settings(upstream, definition)
        with Function("refresh-assets", lake, environment) as one, Function("refresh-assets", lake, environment) as two:
            one.invoke({"executionId": "first"})
            upstream.script = [listed(icons(500))]
            for function in (one, two):
                function.events.put(("request", json.dumps({"executionId": "both"}).encode()))
            replies = [function.outcomes.get(timeout=30).reply for function in (one, two)]
    assert sorted(reply["logos"] for reply in replies) == [0, 500], replies
    assert len(rows(lake)) == 501


def test_the_zip_runs_under_the_emulator(tmp_path, definition):
    lake = tmp_path / "lake"
    lake.mkdir()
    with CoinAPI(listed(icons(20))) as upstream:
        emulator = Emulator(
            tmp_path, packaged("refresh-assets"), LAKE_CATALOG=f"sqlite:///{lake}/catalog.db",
            LAKE_WAREHOUSE=f"file://{lake}/warehouse", LAKE_LOCAL="1", **settings(upstream, definition),
        )  # fmt: skip
        try:
            print(f"checked against {emulator_path()}")
            replies = [json.loads(emulator.invoke(RULE)) for _ in range(2)]
        finally:
            emulator.close()
    assert [reply["logos"] for reply in replies] == [20, 0], replies
    assert len(rows(lake)) == 20
