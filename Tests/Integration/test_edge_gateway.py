"""edge-gateway as a real binary behind a local HTTP API: schemathesis and a fuzzer of tokens send it what devices never
would, and boto3 reads back what came into the stream."""

import collections
import gzip
import json
import os
import random
import re
import subprocess
import time
from http.client import HTTPConnection

import pytest
import yaml
from device_tokens import MASTER, device_key, device_token
from gateway_streams import NAME, as_events, expected_records, new_stream, proven_device, settings, stream_records
from http_api import HTTPAPI
from readers import DEAD_LETTERS, rows
from runtime_api import Function
from sensors import STREAM, readings
from servers import program
from support import ROOT, binary, sql_catalog

HERE = ROOT / "Tests" / "Integration"
DOCUMENT = ROOT / "docs" / "jobs" / "edge-gateway.md"


@pytest.fixture
def stream(moto):
    return new_stream(moto)


@pytest.fixture
def api(moto, stream):
    with Function("edge-gateway", None, settings(moto)) as function, HTTPAPI(function) as served:
        yield served


def request(api, method: str = "POST", path: str = "/v1/readings", body: bytes = b"", **fields):
    """Status, fields and JSON body of one request."""
    connection = HTTPConnection("127.0.0.1", api.port, timeout=60)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in fields.items()})
        response = connection.getresponse()
        content = response.read()
        return response.status, dict(response.getheaders()), json.loads(content) if content else None
    finally:
        connection.close()


def send(api, body: bytes, device: str = "7", kind: str = "application/json", **fields):
    token = f"Bearer {device_token(device, body)}"
    return request(api, body=body, **{"authorization": token, "content_type": kind, **fields})


def of_device(count: int, device: int, seed: int = 1) -> list[dict]:
    return [{**reading, "id_device": device} for reading in readings(count, seed=seed)]


def assert_stream_holds_what_was_accepted(api, stream):
    """Just what devices with good tokens sent and were told is accepted; returns the records."""
    expected = expected_records(api.exchanges)
    found = stream_records(stream, NAME)
    assert collections.Counter((r["PartitionKey"], r["Data"]) for r in found) == collections.Counter(expected)
    return found


def test_readings_reach_the_stream_and_then_the_table(api, stream, tmp_path):
    batch = [json.dumps(reading).encode() for reading in of_device(300, 7)]
    spaced = json.dumps(of_device(1, 7, seed=9)[0], indent=3).encode()
    lines = b"\n".join(batch[:100])
    assert send(api, b"[" + b" ,\n".join(batch[100:]) + b"]")[2] == {"accepted": 200, "rejected": []}
    packed = gzip.compress(lines)
    assert send(api, packed, kind="application/x-ndjson", content_encoding="gzip")[2]["accepted"] == 100
    assert send(api, spaced)[0] == 202
    assert send(api, b'{"id_device": 9}', device="9")[0] == 202
    mixed = [{"id_device": 7}, {"id_device": 8}, {"id_device": 7, "cpu": "warm"}, {"temperature": 3}]
    status, _, answer = send(api, json.dumps(mixed).encode())
    assert status == 202 and answer["accepted"] == 1
    assert answer["rejected"] == [
        {"index": 1, "reason": "device", "field": "id_device"}, {"index": 2, "reason": "wrongType", "field": "cpu"},
        {"index": 3, "reason": "missingField", "field": "id_device"},
    ]  # fmt: skip
    found = assert_stream_holds_what_was_accepted(api, stream)
    assert len(found) == 303 and spaced in {record["Data"] for record in found}
    ingested(found, tmp_path)
    assert len(rows(tmp_path)) == 303


def ingested(records: list[dict], lake):
    """kinesis-ingest takes the records: each becomes a row, and none a dead letter."""
    with Function("kinesis-ingest", lake) as ingest:
        for event in as_events(records, STREAM):
            assert ingest.invoke(event).reply == {"batchItemFailures": []}, ingest.log_text()
    assert len(rows(lake)) == len(records)
    catalog = sql_catalog(lake)
    if catalog.table_exists(DEAD_LETTERS):
        assert catalog.load_table(DEAD_LETTERS).scan().to_arrow().num_rows == 0


@pytest.mark.parametrize("examples", [80, pytest.param(800, marks=pytest.mark.long)])
def test_a_thousand_hostile_requests_do_no_harm(api, stream, tmp_path, examples):
    began = time.monotonic()
    done = subprocess.run(
        [
            program("schemathesis"), "--config-file", HERE / "schemathesis.toml", "run", ROOT / "docs" / "edge-api.yaml", "--url", api.endpoint, "--checks", "all",
            "--max-examples", str(examples), "--generation-deterministic", "--no-color", "--workers", "1",
            "--request-timeout", "30",
        ],
        cwd=tmp_path, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
             "PYTHONPATH": str(HERE)},
    )  # fmt: skip
    print(done.stdout[-3000:])
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-3000:]
    by_schemathesis = len(api.exchanges)
    fuzz_tokens(api, 800)
    print(f"{by_schemathesis} requests of schemathesis, {len(api.exchanges) - by_schemathesis} of the fuzzer, "
          f"{time.monotonic() - began:.0f} s")  # fmt: skip
    assert len(api.exchanges) >= 1000
    statuses = collections.Counter(reply["statusCode"] for _, reply in api.exchanges)
    print(f"answered {dict(sorted(statuses.items()))}")
    assert {202, 400, 401, 403, 404, 405, 413, 415} <= set(statuses)
    found = assert_stream_holds_what_was_accepted(api, stream)
    assert len(found) >= 50
    logs = api.function.log_text()
    assert MASTER not in logs and "v1." not in logs
    ingested(found, tmp_path)


def fuzz_tokens(api, count: int):
    """Tokens and bodies of which only those that our own check finds good may be accepted."""
    numbers = random.Random(7)
    refusals = set()
    for index in range(count):
        device = str(numbers.randint(1, 9))
        body = json.dumps(of_device(numbers.randint(1, 4), int(device), seed=index)).encode()
        kind, encoding, token = "application/json", None, device_token(device, body)
        match numbers.randrange(14):
            case 0: pass
            case 1: token = mutated(token, numbers)
            case 2: body = bytes(mutated(body.decode(), numbers), "utf-8")
            case 3: token = device_token(device, body, key=device_key(device, "another master secret" * 2))
            case 4: token = device_token(device, body, expiry=int(time.time()) + numbers.choice([-3600, -60, 1000, 10**9]))
            case 5: token = device_token(device, b"")
            case 6: token = device_token(str(10 + int(device)), body)
            case 7: token = token.replace("v1.", numbers.choice(["v2.", "V1.", "", "v1..", "v1.v1."]))
            case 8: token = ".".join(numbers.sample(token.split("."), 4))
            case 9: body = gzip.compress(body); token = device_token(device, body); encoding = "gzip"
            case 10: body = gzip.compress(body)[: numbers.randint(0, 60)]; token = device_token(device, body); encoding = "gzip"
            case 11: token = token + numbers.choice(["=", " ", "x", "\x00", ",", "é", "." * 1000])
            case 12:
                body = numbers.randbytes(numbers.randint(0, 200)); token = device_token(device, body)
                kind = numbers.choice(["application/json", "application/x-ndjson", "text/plain"])
            case 13:
                size = numbers.choice([501, 5000]); token = ""
                body = b"[" + b",".join([b'{"id_device": %s}' % device.encode()] * size) + b"]"
                if numbers.random() < 0.7: token = device_token(device, body)
        fields = {"authorization": f"Bearer {token}".encode(), "content_type": kind}
        if encoding: fields["content_encoding"] = encoding
        status, headers, answer = request(api, body=body, **fields)
        event, _ = api.exchanges[-1]
        assert (status == 401) == (proven_device(event) is None), event
        if status == 401:
            refusals.add(json.dumps([sorted((n, v) for n, v in headers.items() if n != "Date"), answer]))
    assert len(refusals) == 1, refusals
    bomb = gzip.compress(bytes(200_000_000), 9)
    assert send(api, bomb, content_encoding="gzip")[0] == 413
    memory = int(re.search(r"VmHWM:\s+(\d+) kB", open(f"/proc/{api.function.process.pid}/status").read())[1])
    print(f"{memory // 1024} MiB at most")
    assert memory < 150 * 1024


def mutated(text: str, numbers: random.Random) -> str:
    place = numbers.randrange(len(text))
    other = numbers.choice("abcXYZ0189._-={}[]\":,")
    return numbers.choice([text[:place] + other + text[place + 1:], text[:place] + text[place + 1:], text[:place] + other + text[place:]])


def test_a_named_stage_stands_before_the_path(moto, stream):
    with Function("edge-gateway", None, settings(moto)) as function, HTTPAPI(function, stage="prod") as api:
        assert send(api, b'{"id_device": 7}')[0] == 202
        assert request(api, "GET", "/v1/health")[::2] == (200, {"status": "ok"})
        assert request(api, "GET", "/v1/other")[0] == 404
        assert request(api, "PUT")[1]["allow"] == "POST"


def test_a_device_that_sends_too_often_is_told_to_wait(moto, stream):
    with Function("edge-gateway", None, settings(moto, EDGE_DEVICE_RATE="0.1")) as function, HTTPAPI(function) as api:
        assert send(api, b'{"id_device": 7}')[0] == 202
        status, headers, answer = send(api, b'{"id_device": 7}')
        assert status == 429 and 1 <= int(headers["retry-after"]) <= 10 and answer["error"] == "tooManyRequests"
        assert send(api, b'{"id_device": 8}', device="8")[0] == 202


def test_a_stream_that_cannot_be_reached_is_told_as_a_fault_of_ours(moto):
    with Function("edge-gateway", None, settings(moto, AWS_MAX_ATTEMPTS="1")) as function, HTTPAPI(function) as api:
        status, headers, answer = send(api, b'{"id_device": 7}')  # there is no such stream
        assert status == 503 and int(headers["retry-after"]) > 0
        assert answer["error"] == "unavailable" and answer["accepted"] == 0 and answer["failed"] == 1
        assert "Exception" not in json.dumps(answer) and NAME not in json.dumps(answer)
        assert "ResourceNotFoundException" in function.log_text()


def test_secrets_come_from_secrets_manager_and_are_changed_without_a_gap(moto, stream):
    secrets = moto.client("secretsmanager")
    old, new = "the old master secret, long enough for anyone", "the new master secret, long enough for anyone"
    arns = [secrets.create_secret(Name=name, SecretString=value)["ARN"] for name, value in (("new", new), ("old", old))]
    environment = settings(moto, EDGE_MASTER_SECRET_SECRET_ARN=arns[0], EDGE_MASTER_SECRET_PREVIOUS_SECRET_ARN=arns[1])
    del environment["EDGE_MASTER_SECRET"]
    body = b'{"id_device": 7}'
    with Function("edge-gateway", None, environment) as function, HTTPAPI(function) as api:
        for master, expected in ((new, 202), (old, 202), (MASTER, 401)):
            token = device_token("7", body, key=device_key("7", master))
            assert request(api, body=body, authorization=f"Bearer {token}", content_type="application/json")[0] == expected
        assert old not in function.log_text() and new not in function.log_text()


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"EDGE_MASTER_SECRET": ""}, "EDGE_MASTER_SECRET is not set"),
        ({"EDGE_MASTER_SECRET": "too-short"}, "EDGE_MASTER_SECRET must have 32 bytes or more"),
        ({"EDGE_STREAM": "coinbase-trades"}, "EDGE_STREAM names no stream"),
        ({"EDGE_DEVICE_RATE": "fast"}, "EDGE_DEVICE_RATE must be"),
    ],
)
def test_settings_that_cannot_be_used_end_the_start(moto, environment, message):
    with Function("edge-gateway", None, settings(moto, **environment)) as function:
        assert message in function.initialised().error["errorMessage"]
        assert "too-short" not in function.log_text()


def test_the_sample_is_a_request_whose_token_is_too_old(moto, stream):
    with Function("edge-gateway", None, settings(moto)) as function:
        reply = function.invoke(json.loads((ROOT / "events" / "edge-gateway.json").read_text())).reply
        assert reply["statusCode"] == 401 and reply["headers"]["www-authenticate"] == "Bearer"
        outcome = function.invoke({"Records": []})
        assert outcome.error["errorType"] == "Event.MissingField"


def command(*arguments, **options):
    environment = {"PATH": os.environ["PATH"], "EDGE_MASTER_SECRET": MASTER, **options.pop("environment", {})}
    return subprocess.run([binary("swiftlake"), *map(str, arguments)], capture_output=True, env=environment, **options)


def test_the_command_makes_the_keys_and_tokens_that_devices_make(api, tmp_path):
    assert command("device", "key", "--device", "7").stdout.decode() == device_key("7").hex() + "\n"
    master = tmp_path / "master"
    master.write_text(MASTER + "\n")
    done = command("device", "key", "--device", "é", "--master-file", master, environment={"EDGE_MASTER_SECRET": "x"})
    assert done.stdout.decode() == device_key("é").hex() + "\n"
    body = b'{"id_device": 7}'
    (tmp_path / "body").write_bytes(body)
    by_hash = ("--body-hash", subprocess.run(["sha256sum", tmp_path / "body"], capture_output=True).stdout[:64].decode())
    for arguments, given in ((("--body", tmp_path / "body"), None), (("--body", "-"), body), (by_hash, None)):
        token = command("device", "token", "--device", "7", "--expires-in", "1m", *arguments, input=given).stdout.decode().strip()
        expiry = int(token.split(".")[2])
        assert 50 <= expiry - time.time() <= 60 and token == device_token("7", body, expiry=expiry)
        assert request(api, body=body, authorization=f"Bearer {token}", content_type="application/json")[0] == 202
    failed = command("device", "key", "--device", "7", environment={"EDGE_MASTER_SECRET": "too short"})
    assert failed.returncode == 1 and b"32 bytes" in failed.stderr and b"too short" not in failed.stderr


def test_a_request_that_the_command_makes_is_accepted_by_the_function(moto, stream, tmp_path):
    event = command("device", "token", "--device", "7", "--body", "-", "--event", input=b'{"id_device": 7}\n{"id_device": 8}')
    done = command("invoke", "edge-gateway", "-", "--lake", tmp_path, input=event.stdout, environment=settings(moto), cwd=ROOT)
    assert done.returncode == 0 and b'"statusCode":202' in done.stdout, done.stdout + done.stderr
    assert MASTER.encode() not in done.stdout + done.stderr
    assert [record["Data"] for record in stream_records(stream, NAME)] == [b'{"id_device": 7}']


def test_the_document_shows_the_readings_of_the_sample_lake():
    document = yaml.safe_load((ROOT / "docs" / "edge-api.yaml").read_text())
    tables = json.loads((ROOT / "lake.json").read_text())["tables"]
    (columns,) = (table["columns"] for table in tables if table["name"] == "iot_db.sensor_readings")
    shown = document["components"]["schemas"]["Reading"]["properties"]
    assert sorted(shown) == sorted(column["name"] for column in columns)


def snippet(language: str) -> str:
    return re.search(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)[1]


def test_the_documented_clients_send_readings(api, stream, tmp_path):
    names: dict = {}
    exec(snippet("python"), names)
    assert names["send"](api.endpoint, "7", device_key("7").hex(), of_device(3, 7)) == {"accepted": 3, "rejected": []}
    (tmp_path / "readings.json").write_text(json.dumps(of_device(2, 7, seed=2)))
    done = subprocess.run(
        ["bash", "-euc", snippet("sh")], cwd=tmp_path, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "DEVICE": "7", "KEY": device_key("7").hex(), "URL": api.endpoint},
    )  # fmt: skip
    assert json.loads(done.stdout) == {"accepted": 2, "rejected": []}, done.stderr
    assert len(assert_stream_holds_what_was_accepted(api, stream)) == 5
