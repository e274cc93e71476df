"""The runtime against AWS's own Runtime Interface Emulator: what Lambda does to a function, done to the echo function."""

import base64
import json
import socket
import subprocess
import time
from pathlib import Path

import pytest

from emulator import TIMEOUT_SECONDS, Emulator, emulator_path
from support import binary


@pytest.fixture
def start(tmp_path):
    started = []

    def start(**environment) -> Emulator:
        print(f"checked against {emulator_path()}")
        started.append(Emulator(tmp_path, binary("echo-function"), **environment))
        return started[-1]

    yield start
    for emulator in started:
        emulator.close()


def test_events_are_answered_by_one_warm_process(start):
    emulator = start()
    replies = [json.loads(emulator.invoke({"n": n})) for n in range(20)]
    assert [reply["invocations"] for reply in replies] == list(range(1, 21))
    assert len({reply["requestId"] for reply in replies}) == 20
    assert all(reply["hasTime"] and reply["arn"].startswith("arn:aws:lambda:") for reply in replies)


def test_a_handlers_error_is_reported_and_the_next_event_served(start):
    emulator = start()
    assert json.loads(emulator.invoke({"do": "fail"})) == {
        "errorMessage": "asked to fail", "errorType": "Echo.Asked", "stackTrace": [],
    }
    assert json.loads(emulator.invoke({}))["invocations"] == 2


def test_an_event_that_cannot_be_decoded_is_reported(start):
    emulator = start()
    assert json.loads(emulator.invoke(b"not JSON"))["errorType"] == "Event.Malformed"
    assert json.loads(emulator.invoke({"do": "kinesis"}))["errorType"] == "Event.MissingField"
    assert json.loads(emulator.invoke({}))["invocations"] == 3


def test_an_initialisation_error_is_reported(start):
    emulator = start(ECHO_FAIL_INIT="no such table")
    assert json.loads(emulator.invoke({})) == {
        "errorMessage": "no such table", "errorType": "Echo.NotInitialised", "stackTrace": [],
    }
    assert any(line.get("message") == "initialisation failed" for line in emulator.objects())


def test_a_timeout_is_survived_by_a_new_process(start):
    emulator = start()
    assert json.loads(emulator.invoke({}))["invocations"] == 1
    began = time.monotonic()
    assert b"timed out after 2.00 seconds" in emulator.invoke({"do": "hang"})
    assert time.monotonic() - began < TIMEOUT_SECONDS + 5
    assert json.loads(emulator.invoke({}))["invocations"] == 1


def test_a_crash_is_survived_by_a_new_process(start):
    emulator = start()
    assert json.loads(emulator.invoke({}))["invocations"] == 1
    reply = emulator.invoke({"do": "crash"})
    assert b"Runtime.ExitError" in reply or b"exited" in reply, reply
    assert json.loads(emulator.invoke({}))["invocations"] == 1


def test_an_event_of_six_megabytes_goes_through(start):
    data = base64.b64encode(b'{"temperature": 20, "cpu": 0.5, "ram": 0.25, "hd": 0.75, "id_device": 7}' * 3).decode()
    record = {
        "kinesis": {
            "kinesisSchemaVersion": "1.0", "partitionKey": "7", "data": data,
            "sequenceNumber": "49590338271490256608559692538361571095921575989136588898",
            "approximateArrivalTimestamp": 1545084650.987,
        },
        "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventName": "aws:kinesis:record",
        "eventID": "shardId-000000000006:49590338271490256608559692538361571095921575989136588898",
        "invokeIdentityArn": "arn:aws:iam::111122223333:role/lambda-role", "awsRegion": "us-east-2",
        "eventSourceARN": "arn:aws:kinesis:us-east-2:111122223333:stream/lambda-stream",
    }
    count = 6_000_000 // (len(json.dumps(record)) + 2)
    event = {"do": "kinesis", "Records": [record] * count}
    emulator = start()
    for _ in range(3):
        assert json.loads(emulator.invoke(event)) == {"records": count}


def test_logs_and_metrics_are_json_lines_with_the_request_id(start):
    emulator = start()
    reply = json.loads(emulator.invoke({}))
    mine = [line for line in emulator.objects() if line.get("requestId") == reply["requestId"]]
    log = next(line for line in mine if line.get("message") == "invoked")
    assert log["level"] == "INFO" and log["timestamp"].endswith("Z") and log["fields"] == {"bytes": 2}
    metric = next(line for line in mine if "_aws" in line)
    assert metric["_aws"]["CloudWatchMetrics"][0]["Metrics"] == [{"Name": "Bytes", "Unit": "Bytes"}]
    assert metric["Bytes"] == 2 and metric["Function"] == "echo"


def test_the_environment_says_how_to_log(start):
    emulator = start(AWS_LAMBDA_LOG_FORMAT="Text", AWS_LAMBDA_LOG_LEVEL="ERROR")
    emulator.invoke({"do": "fail"})
    text = "\n".join(emulator.lines())
    assert "ERROR invocation failed reason=asked to fail type=Echo.Asked" in text
    assert "invoked" not in text.replace("invoked_", "")


def test_without_an_api_the_program_says_what_it_is():
    done = subprocess.run([binary("echo-function")], capture_output=True, env={}, timeout=10)
    assert done.returncode == 1 and b"AWS_LAMBDA_RUNTIME_API is not set" in done.stderr
    done = subprocess.run(
        [binary("echo-function")], capture_output=True, env={"AWS_LAMBDA_RUNTIME_API": "nowhere"}, timeout=10)
    assert done.returncode == 1 and b"not an address and a port" in done.stderr


def test_an_api_that_is_not_there_is_given_up_on():
    done = subprocess.run(
        [binary("echo-function")], capture_output=True, env={"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"}, timeout=10)
    assert done.returncode == 1 and b"cannot be reached" in done.stdout


def test_a_function_loads_no_foundation_and_starts_no_thread(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as api:
        environment = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.getsockname()[1]}"}
        process = subprocess.Popen([binary("echo-function")], env=environment, stdout=subprocess.DEVNULL)
        try:
            # It has logged, and waits for its first event.
            connection, _ = api.accept()
            assert connection.recv(1024).startswith(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n")
            status = Path(f"/proc/{process.pid}/status").read_text()
            assert "Threads:\t1\n" in status
            maps = Path(f"/proc/{process.pid}/maps").read_text()
            assert "libswiftCore" in maps or ".so" not in maps
            assert "Foundation" not in maps and "libicu" not in maps
        finally:
            process.kill()
            process.wait()
