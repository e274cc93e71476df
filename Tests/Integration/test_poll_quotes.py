"""poll-quotes as the real binary: against an Alpaca that misbehaves, into librdkafka's mock cluster, read back by
confluent-kafka; and from there through kafka-ingest into the table of quotes."""

import json
import time
from datetime import UTC, datetime, timedelta

import confluent_kafka
import pytest
from alpaca import HTML, KEY_ID, SECRET_KEY, Alpaca, bar, bars
from aws_lakes import packaged
from emulator import Emulator, emulator_path
from kafka_brokers import MockBrokers
from kafka_events import kafka_event, kafka_record
from runtime_api import Function
from scripted_server import Reply
from servers import ACCESS_KEY, REGION, free_ports
from servers import SECRET_KEY as AWS_SECRET_KEY
from support import ROOT, sql_catalog

TOPIC = "coinbase-currencies"
SYMBOLS = ["BTC/USD", "ETH/USD"]
NOON = "2026-11-20T12:00:00Z"
GOOD = bars({symbol: bar(NOON, "2.50") for symbol in SYMBOLS})
WARM = [f'{{"bars":{{"{symbol}":{bar(NOON, "2.50")}}}}}'.encode() for symbol in SYMBOLS]


@pytest.fixture(scope="module")
def cluster():
    with MockBrokers() as cluster:
        print("checked with confluent-kafka", confluent_kafka.version()[0], "and librdkafka", confluent_kafka.libversion()[0])
        yield cluster


@pytest.fixture
def settings(tmp_path, cluster):
    """Settings of a function that polls every second, into a topic of its own."""

    def make(upstream: Alpaca, **more) -> dict:
        text = json.loads((ROOT / "lake.json").read_text())
        (stream,) = (stream for stream in text["streams"] if stream["name"] == TOPIC)
        stream["source"]["topic"] = topic(tmp_path)
        text["quotes"] |= {"interval": "1s", "symbols": SYMBOLS}
        path = tmp_path / "lake.json"
        path.write_text(json.dumps(text))
        return {
            "LAKE_DEFINITION": str(path), "ALPACA_URL": upstream.endpoint, "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers, **more
        }  # fmt: skip

    return make


def topic(tmp_path) -> str:
    return f"{TOPIC}-{tmp_path.name}"


def now_text() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def scheduled(**more) -> dict:
    """What Scheduler sends for a minute that begins now."""
    return {"scheduledTime": now_text(), "executionId": "d1", **more}


def warm(function: Function, upstream: Alpaca, *script):
    """Polls until the cluster is connected, which takes longer than the short steps here, and then sets the script."""
    for _ in range(20):
        if function.invoke(scheduled(steps=1)).reply["produced"]:
            break
        time.sleep(0.5)
    upstream.script = list(script)
    upstream.seen.clear()
    upstream.times.clear()
    # Not within the second that is served.
    time.sleep(1)


def test_each_poll_becomes_a_record_a_symbol_and_a_row_of_each_minute(tmp_path, cluster, settings):
    start = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    prices = [(100.5, 7.25), (101.25, 7.5), (99.0, 7.0), (98.0, 6.0), (97.0, 5.0)]
    replies = [
        {symbol: bar((start + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ"), f"{price:.4f}")
         for symbol, price in zip(SYMBOLS, pair, strict=True)}
        for minute, pair in zip([0, 0, 1, 2, 3], prices, strict=True)
    ]  # fmt: skip
    with Alpaca(GOOD, key=(KEY_ID, SECRET_KEY)) as upstream:
        environment = settings(upstream, ALPACA_KEY_ID=KEY_ID, ALPACA_SECRET_KEY=SECRET_KEY)
        with Function("poll-quotes", None, environment) as function:
            warm(function, upstream, *(bars(reply) for reply in replies))
            reply = function.invoke(scheduled(steps=5)).reply
            metrics = [line for line in function.logs() if "QuotesProduced" in line][-1]
            assert KEY_ID not in function.log_text() and SECRET_KEY not in function.log_text()
    upstream.check(SYMBOLS)
    assert len(upstream.seen) == 5
    skipped = reply.pop("skipped")
    assert reply == {
        "polls": 5, "faults": 0, "faultKinds": {}, "held": 0, "produced": 10, "missing": 0, "malformed": 0,
        "undelivered": 0, "steps": 5, "failed": 0, "late": False,
    }, skipped  # fmt: skip
    assert metrics["QuotesProduced"] == 10 and metrics["Job"] == "poll-quotes" and len(metrics["PollDelay"]) == 5
    messages = [message for message in cluster.read(topic(tmp_path)) if message.value() not in WARM]
    found = {symbol: [message.value().decode() for message in messages if message.key() == symbol.encode()] for symbol in SYMBOLS}
    for symbol in SYMBOLS:
        # Byte by byte what came, and in the order in which it came.
        assert found[symbol] == [f'{{"bars":{{"{symbol}":{reply[symbol]}}}}}' for reply in replies]
        assert len({message.partition() for message in messages if message.key() == symbol.encode()}) == 1

    lake = tmp_path / "lake"
    event = kafka_event([
        kafka_record(message.topic(), message.partition(), message.offset(), message.timestamp()[1], message.key(), message.value())
        for message in messages
    ])  # fmt: skip
    with Function("kafka-ingest", lake, {"LAKE_DEFINITION": environment["LAKE_DEFINITION"]}) as function:
        assert function.invoke(event).reply == {"batchItemFailures": []}
        assert function.invoke(event).reply == {"batchItemFailures": []}
    rows = sql_catalog(lake).load_table("crypto_db.crypto_quote").scan().to_arrow().to_pylist()
    # The first minute is over: the last bar is the delay of two minutes behind its end.
    assert sorted((row["asset_id"], row["asset_type"], row["start_window"], row["price_crypto"]) for row in rows) == [
        ("BTC", "USD", datetime(2026, 11, 20, 12, 0), 101.25), ("ETH", "USD", datetime(2026, 11, 20, 12, 0), 7.5),
    ]  # fmt: skip


def test_faults_of_the_upstream_never_end_the_minute(tmp_path, cluster, settings):
    half = bars({"BTC/USD": bar(NOON, "1"), "ETH/USD": "null", "DOGE/USD": bar(NOON, "3")})
    other = bars({symbol: bar(NOON, "3.75") for symbol in SYMBOLS})
    script = [
        Reply(200, HTML, {"Content-Type": "text/html"}), other, Reply(200, GOOD.body[:-20]), Reply(200, b"[]"), half,
        Reply(400, b'{"message":"code=400, message=invalid symbol: ETH/USD"}'), Reply(404), Reply(200, b"\xff\xfe"),
        Reply(302, b"", {"Location": "https://example.com/"}), other,
    ]  # fmt: skip
    with Alpaca(GOOD) as upstream:
        with Function("poll-quotes", None, settings(upstream)) as function:
            warm(function, upstream, *script)
            before = len(function.logs())
            reply = function.invoke(scheduled(steps=10)).reply
            warnings = [line for line in function.logs()[before:] if line.get("level") == "WARN"]
    upstream.check(SYMBOLS)
    assert reply["faultKinds"] == {"malformed": 4, "invalid": 3} and reply["faults"] == 7 and reply["polls"] == 10
    assert reply["produced"] == 5 and reply["missing"] == 1 and reply["failed"] == 7
    assert len(warnings) == 7, function.log_text()
    assert "invalid symbol: ETH/USD" in json.dumps(warnings)
    messages = [message for message in cluster.read(topic(tmp_path)) if message.value() not in WARM]
    assert sorted(message.key().decode() for message in messages) == ["BTC/USD"] * 3 + ["ETH/USD"] * 2


def test_faults_that_pass_are_tried_again_within_the_step_and_a_wait_is_kept(cluster, settings):
    script = [Reply(500), Reply(503, HTML), GOOD, Reply(0), GOOD, Reply(429, b"{}", {"Retry-After": "3"}), GOOD]
    with Alpaca(GOOD) as upstream:
        with Function("poll-quotes", None, settings(upstream)) as function:
            warm(function, upstream, *script)
            reply = function.invoke(scheduled(steps=8)).reply
        gaps = [after - before for before, after in zip(upstream.times, upstream.times[1:])]
    assert reply["faultKinds"].get("throttled") == 1 and reply["held"] >= 2, reply
    # The request that was told to wait three seconds, and the one behind it.
    place = next(index for index, answer in enumerate(script) if answer.status == 429)
    assert gaps[place] >= 3, gaps
    assert reply["polls"] + reply["held"] == 8 and reply["produced"] == 2 * (reply["polls"] - reply["faults"])


def test_an_upstream_that_says_nothing_takes_no_longer_than_its_step_and_the_deadline_ends_the_run(settings):
    with Alpaca(30) as upstream:
        with Function("poll-quotes", None, settings(upstream)) as function:
            function.deadline_ms = 6_000
            began = time.monotonic()
            reply = function.invoke(scheduled()).reply
            took = time.monotonic() - began
    assert took < 6 and 1 <= reply["polls"] <= 6 and reply["produced"] == 0, (took, reply)
    assert reply["faultKinds"] == {"unavailable": reply["polls"]} and reply["failed"] == reply["polls"]


def test_polls_stand_on_the_grid_and_end_with_their_minute_and_a_repetition_does_none(settings):
    with Alpaca(GOOD) as upstream:
        with Function("poll-quotes", None, settings(upstream)) as function:
            # A minute that was delivered 55 s late.
            began = int(time.time()) - 55
            event = {"scheduledTime": datetime.fromtimestamp(began, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
            reply = function.invoke(event).reply
            ended = time.time()
            assert function.invoke(event).reply["polls"] == 0
            assert function.invoke({**event, "scheduledTime": "2026-11-20T12:00:00+24:00"}).error is not None
            late = {"source": "aws.scheduler", "detail-type": "Scheduled Event", "id": "1", "detail": "{}"}
            old = datetime.fromtimestamp(began - 90, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            outcome = function.invoke({**late, "time": old})
            assert outcome.reply["late"] and outcome.reply["polls"] == 0
    assert ended < began + 60 and 1 <= reply["polls"] <= 6, (ended - began, reply)
    assert len(upstream.times) == reply["polls"] and upstream.times[-1] < began + 60
    # One each second, within its first half.
    seconds = [int(each) for each in upstream.times]
    assert len(set(seconds)) == len(seconds) and reply["skipped"] + reply["steps"] == 60


def test_brokers_that_are_down_end_no_minute_and_what_is_lost_is_counted(settings):
    with Alpaca(GOOD) as upstream:
        environment = settings(upstream, KAFKA_BOOTSTRAP_SERVERS=f"127.0.0.1:{free_ports(1)[0]}")
        with Function("poll-quotes", None, environment) as function:
            outcome = function.invoke(scheduled(steps=2))
    reply = outcome.reply
    assert reply["polls"] == 2 and reply["produced"] == 0 and reply["undelivered"] == 4 and reply["failed"] == 2
    assert "4" not in reply["lastError"].split(" of ")[0] and "records were not delivered" in reply["lastError"]


@pytest.mark.parametrize("form", ['{{"keyId":"{id}","secretKey":"{key}"}}', '{{"ALPACA_KEY_ID":"{id}","ALPACA_SECRET_KEY":"{key}"}}'])
def test_the_key_comes_from_secrets_manager(settings, moto, form):
    secrets = moto.client("secretsmanager")
    arn = secrets.create_secret(Name="alpaca", SecretString=form.format(id=KEY_ID, key=SECRET_KEY))["ARN"]
    environment = {
        "ALPACA_SECRET_ARN": arn, "AWS_ENDPOINT_URL_SECRETS_MANAGER": moto.endpoint, "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": AWS_SECRET_KEY,
    }  # fmt: skip
    with Alpaca(GOOD, key=(KEY_ID, SECRET_KEY)) as upstream:
        with Function("poll-quotes", None, settings(upstream, **environment)) as function:
            warm(function, upstream, GOOD)
            assert function.invoke(scheduled(steps=1)).reply["produced"] == 2
            # The key is exchanged while the process keeps the old one: it is asked for again, without a failed poll.
            upstream.key = ("PKNEXTKEYID", "the-next-secret")
            secrets.put_secret_value(SecretId=arn, SecretString=form.format(id=upstream.key[0], key=upstream.key[1]))
            time.sleep(1)
            reply = function.invoke(scheduled(steps=1)).reply
            assert reply["produced"] == 2 and reply["faults"] == 0, reply
            upstream.key = ("nobody", "has it")
            time.sleep(1)
            refused = function.invoke(scheduled(steps=1)).reply
            assert refused["faultKinds"] == {"refused": 1} and "ALPACA_SECRET_ARN" in refused["lastError"]
            text = function.log_text() + json.dumps(refused)
            assert not [each for each in (KEY_ID, SECRET_KEY, "PKNEXTKEYID", "the-next-secret") if each in text], text


def test_settings_that_are_missing_or_wrong_end_initialisation(settings):
    with Alpaca(GOOD) as upstream:
        good = settings(upstream)
        for changed, part in [
            ({"KAFKA_BOOTSTRAP_SERVERS": ""}, "KAFKA_BOOTSTRAP_SERVERS is not set"),
            ({"ALPACA_URL": "http://example.com"}, "ALPACA_URL must be https://"),
            ({"ALPACA_KEY_ID": "x"}, "ALPACA_SECRET_KEY is not set, but ALPACA_KEY_ID is"),
            ({"LAKE_DEFINITION": "/nowhere/lake.json"}, "/nowhere/lake.json"),
        ]:
            with Function("poll-quotes", None, {**good, **changed}) as function:
                assert part in function.initialised().error["errorMessage"]
    assert upstream.seen == []


def test_events_that_are_none_of_a_schedule_are_refused(settings):
    with Alpaca(GOOD) as upstream:
        with Function("poll-quotes", None, settings(upstream)) as function:
            for event, part in [
                ([], "expected an object"), ({"symbols": []}, "this job has no such option"), ({"steps": 0}, "steps"),
                ({"scheduledTime": "<aws.scheduler.scheduled-time>"}, "scheduledTime"), (b"{", "JSON"),
            ]:  # fmt: skip
                outcome = function.invoke(event)
                assert outcome.error and part in outcome.error["errorMessage"], outcome
    assert upstream.seen == []


def test_the_zip_polls_under_the_emulator(tmp_path, cluster, settings):
    with Alpaca(GOOD) as upstream:
        environment = settings(upstream, LAKE_LOCAL="1")
        emulator = Emulator(tmp_path, packaged("poll-quotes"), **environment)
        try:
            print(f"checked against {emulator_path()}")
            replies = []
            # Its invocations have two seconds, in which a cold process may not reach the cluster.
            while len(replies) < 20 and not any(reply["produced"] for reply in replies):
                replies.append(json.loads(emulator.invoke(scheduled(steps=1))))
                time.sleep(0.5)
        finally:
            emulator.close()
    upstream.check(SYMBOLS)
    assert replies[-1]["produced"] == 2 and len(cluster.read(topic(tmp_path))) >= 2, replies
