"""The lake's definition as an object of S3: real functions, with a lake and without, read it from SeaweedFS once while
they initialise, and end there with one line that says why where they cannot."""

import hashlib
import json
import os
import statistics
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from aws_lakes import AWSLake, packaged
from delay_proxy import DelayProxy
from device_tokens import device_token
from fault_proxies import FaultPlan, FaultProxy
from fault_replies import REQUEST_ID, s3_error
from gateway_streams import new_stream, settings
from http_api import HTTPAPI
from http_messages import Head
from proxies import Recorder, waves
from runtime_api import Function
from sensors import kinesis_event, readings
from servers import ACCESS_KEY, REGION, SECRET_KEY, SeaweedFS, answer, free_ports
from support import ROOT, binary

DONE = {"batchItemFailures": []}
LAKE = (ROOT / "lake.json").read_bytes()
NO_OTHERS = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nowhere"}
# Lambda ends an initialisation after ten seconds, and what was to be said with it.
LAMBDA_SECONDS = 10


class Definitions:
    """A bucket for definitions, as a deployment has one beside the lake's."""

    def __init__(self, seaweedfs: SeaweedFS):
        self.seaweedfs = seaweedfs
        self.bucket = seaweedfs.new_bucket()

    def put(self, content: bytes = LAKE, key: str | None = None) -> str:
        """The location of a definition, by default under the hash of its content."""
        key = key or f"definitions/{hashlib.sha256(content).hexdigest()}.json"
        self.seaweedfs.s3().put_object(Bucket=self.bucket, Key=key, Body=content)
        return f"s3://{self.bucket}/{key}"

    def environment(self, location: str, **changes) -> dict:
        made = {
            "LAKE_DEFINITION": location, "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_ENDPOINT_URL_S3": self.seaweedfs.s3_endpoint, **NO_OTHERS,
        }  # fmt: skip
        return {name: value for name, value in {**made, **changes}.items() if value is not None}


@pytest.fixture
def definitions(seaweedfs):
    return Definitions(seaweedfs)


class Jobs:
    """A job with a lake and one without, each as it is started with a definition's location."""

    def __init__(self, definitions: Definitions, lake: AWSLake, moto):
        self.definitions, self.lake, self.moto = definitions, lake, moto

    def start(self, job: str, location: str, **changes) -> Function:
        place = self.definitions.environment(location, **changes)
        if job == "edge-gateway":
            return Function(job, None, {**settings(self.moto), **place}, program=packaged(job))
        return Function(job, None, {**self.lake.environment(), **place}, program=packaged(job))


@pytest.fixture
def jobs(definitions, new_lake, moto):
    return Jobs(definitions, new_lake("sqlite"), moto)


WITH_A_LAKE, WITHOUT = "kinesis-ingest", "edge-gateway"
BOTH = pytest.mark.parametrize("job", [WITH_A_LAKE, WITHOUT])


def said_at_init(function: Function) -> str:
    """The line with which initialisation failed, after which the process ends with 1 and well before Lambda ends it."""
    began = time.monotonic()
    outcome = function.initialised()
    seconds = time.monotonic() - began
    assert outcome.error is not None, function.log_text()
    message = outcome.error["errorMessage"]
    print(f"    {seconds:.1f} s: {message}")
    assert outcome.error["errorType"] == "DefinitionFileError" and "\n" not in message
    assert function.process.wait(5) == 1 and seconds < LAMBDA_SECONDS - 2
    assert SECRET_KEY not in function.log_text() and SECRET_KEY not in message
    return message


class Answering(FaultProxy):
    """A proxy before S3 that answers what is asked of the definition with these bytes; None for no answer at all."""

    def __init__(self, seaweedfs: SeaweedFS, reply: bytes | None, times: int = 1_000):
        self.reply, self.left, self.asked = reply, times, 0
        super().__init__("s3", seaweedfs.s3_endpoint, FaultPlan())

    def _apply(self, fault, request, connection, upstream, head: Head, data: bytes) -> bool:
        if head.method != "GET" or not head.target.split("?")[0].endswith(".json") or "/metadata/" in head.target:
            return super()._apply(fault, request, connection, upstream, head, data)
        self.asked += 1
        if self.left == 0:
            return super()._apply(fault, request, connection, upstream, head, data)
        self.left -= 1
        if self.reply is None:
            self.plan.is_healed.wait(60)
            return False
        connection.sendall(self.reply)
        return True


# What works.


@pytest.mark.parametrize("kind", ["sqlite", "glue", "rest-oauth2"])
def test_a_lake_is_filled_by_a_definition_in_s3(definitions, new_lake, kind):
    lake = new_lake(kind)
    location = definitions.put()
    recorder = Recorder()
    with DelayProxy("s3", lake.endpoints["s3"], recorder, delay=0) as proxy:
        environment = {**lake.environment({"s3": proxy.endpoint}), **NO_OTHERS, "LAKE_DEFINITION": location}
        with Function("kinesis-ingest", None, environment, program=packaged("kinesis-ingest")) as function:
            for start in (0, 20):
                event = kinesis_event(readings(20), first=start)
                assert function.invoke(event).reply == DONE, function.log_text()
    requests = recorder.settled()
    reads = [request for request in requests if request.operation.split("?")[0].endswith(location.split("/")[-1])]
    assert [request.status for request in reads] == [200], "it is read once"
    assert requests[0] is reads[0]
    later = {request.connection for request in requests[1:]}
    assert reads[0].connection in later, "what follows goes on over the connection that it came by"
    assert len(lake.rows()) == 40


def test_devices_are_served_by_a_definition_in_s3(definitions, jobs, moto):
    new_stream(moto)
    with jobs.start(WITHOUT, definitions.put(key="lake.json")) as function, HTTPAPI(function) as api:
        body = json.dumps({"id_device": 7, "temperature": 21}).encode()
        fields = {"authorization": f"Bearer {device_token('7', body)}", "content-type": "application/json"}
        status, content = answer(api.port, "POST", "/v1/readings", body, fields)
        assert status == 202 and json.loads(content)["accepted"] == 1, function.log_text()


def test_tables_are_made_by_a_definition_that_is_read_once(definitions, new_lake):
    lake = new_lake("glue")
    changed = json.loads(LAKE)
    changed["views"] = []
    location = definitions.put(json.dumps(changed).encode())
    with Answering(definitions.seaweedfs, b"", times=0) as proxy:
        environment = {
            **lake.environment({"s3": proxy.endpoint}, LAKE_CREATE_TABLES="0"), **NO_OTHERS, "LAKE_DEFINITION": location,
        }  # fmt: skip
        with Function("bootstrap-tables", None, environment, program=packaged("bootstrap-tables")) as function:
            reply = function.invoke({}).reply
            assert reply is not None and reply["failed"] == 0 and reply["created"] > 0, function.log_text()
        assert proxy.asked == 1


def test_a_lake_on_this_machine_may_have_it_there_too(definitions, tmp_path):
    with Function("kinesis-ingest", tmp_path, definitions.environment(definitions.put())) as function:
        assert function.invoke(kinesis_event(readings(5))).reply == DONE, function.log_text()
    assert (tmp_path / "catalog.db").exists()


@BOTH
def test_a_busy_s3_is_asked_again(definitions, jobs, job):
    busy = s3_error(503, "SlowDown", "Please reduce your request rate.")
    with Answering(definitions.seaweedfs, busy, times=2) as proxy:
        with jobs.start(job, definitions.put(), AWS_ENDPOINT_URL_S3=proxy.endpoint) as function:
            outcome = function.invoke({"Records": []} if job == WITHOUT else kinesis_event(readings(3)))
            assert (outcome.error or {}).get("errorType") == "Event.MissingField" or outcome.reply == DONE
        assert proxy.asked == 3


# What cannot work, and is said.


@BOTH
@pytest.mark.parametrize("named", ["missing.json", "0" * 64 + ".json"])
def test_an_object_that_there_is_not(definitions, jobs, job, named):
    location = f"s3://{definitions.bucket}/definitions/{named}"
    with jobs.start(job, location) as function:
        message = said_at_init(function)
    assert message.startswith(f"{location}: the lake definition cannot be read: s3 GetObject: NoSuchKey [404]"), message
    assert message.endswith("put the lake.json there, or correct LAKE_DEFINITION"), message


@BOTH
def test_a_bucket_that_there_is_not(definitions, jobs, job):
    with jobs.start(job, "s3://no-such-bucket/lake.json") as function:
        message = said_at_init(function)
    assert "s3://no-such-bucket/lake.json: " in message and "create the bucket, or correct the setting" in message


@BOTH
@pytest.mark.parametrize(
    "status,code,text,words",
    [
        (403, "AccessDenied", "User is not authorized to perform: s3:GetObject", ["AccessDenied [403]", "allow it to the role"]),
        (403, "AccessDenied", "User is not authorized to perform: kms:Decrypt on the key", ["kms:Decrypt on the key"]),
        (400, "AuthorizationHeaderMalformed", "the region 'eu-west-1' is wrong; expecting 'eu-central-1'",
         ["set AWS_REGION=eu-central-1, where this lies"]),
        (301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using another endpoint.",
         ["PermanentRedirect", "AWS_REGION"]),
        (403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
         ["set this machine's clock"]),
        (500, "InternalError", "We encountered an internal error.", ["InternalError [500]", "try again later"]),
    ],
)  # fmt: skip
def test_what_s3_refuses(definitions, jobs, job, status, code, text, words):
    location = definitions.put()
    with Answering(definitions.seaweedfs, s3_error(status, code, text)) as proxy:
        with jobs.start(job, location, AWS_ENDPOINT_URL_S3=proxy.endpoint) as function:
            message = said_at_init(function)
    assert message.startswith(f"{location}: the lake definition cannot be read: s3 GetObject: "), message
    assert all(word in message for word in [*words, REQUEST_ID]), message


@BOTH
@pytest.mark.parametrize(
    "change,words",
    [
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, ["SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"]),
        ({"AWS_ACCESS_KEY_ID": "AKIDNOBODY"}, ["InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"]),
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, ["MissingCredentials", "AWS_ACCESS_KEY_ID"]),
    ],
)
def test_credentials_that_s3_refuses(definitions, new_lake, moto, job, change, words):
    place = {**definitions.environment(definitions.put()), **change}
    surroundings = settings(moto) if job == WITHOUT else new_lake("sqlite").environment()
    environment = {name: value for name, value in {**surroundings, **place}.items() if value is not None}
    with Function(job, None, environment, program=packaged(job)) as function:
        message = said_at_init(function)
    assert all(word in message for word in words), message


@BOTH
def test_a_network_that_leads_nowhere(definitions, jobs, job):
    location = definitions.put()
    (port,) = free_ports(1)
    with jobs.start(job, location, AWS_ENDPOINT_URL_S3=f"http://127.0.0.1:{port}") as function:
        message = said_at_init(function)
    assert "cannotConnect" in message and "check the endpoint, and that the network lets requests out" in message
    with Answering(definitions.seaweedfs, None) as proxy:
        with jobs.start(job, location, AWS_ENDPOINT_URL_S3=proxy.endpoint) as function:
            message = said_at_init(function)
        assert "timedOut" in message and proxy.asked >= 2, "it is asked again within the time there is"


@BOTH
def test_another_content_than_the_name_says(definitions, jobs, job):
    changed = LAKE + b"\n"
    location = definitions.put(changed, key=f"definitions/{hashlib.sha256(LAKE).hexdigest()}.json")
    with jobs.start(job, location) as function:
        message = said_at_init(function)
    assert message.startswith(f"{location}: the lake definition is not the one that its name stands for"), message
    assert hashlib.sha256(changed).hexdigest() in message


@BOTH
def test_a_text_that_is_no_definition(definitions, jobs, job):
    for content, words in [(b"", "line 1, column 1"), (b"<html/>", "line 1"), (b'{"databases": []}', "tables")]:
        location = definitions.put(content)
        with jobs.start(job, location) as function:
            error = function.initialised().error
        assert error["errorType"] == "DefinitionFileError"
        lines = error["errorMessage"].splitlines()
        print(*lines, sep="\n")
        assert all(line.startswith(f"{location}: ") for line in lines) and words in error["errorMessage"], lines


@BOTH
def test_a_definition_that_is_too_large(definitions, jobs, job):
    with jobs.start(job, definitions.put(LAKE + b" " * (16 << 20), key="large.json")) as function:
        message = said_at_init(function)
    assert "responseTooLarge" in message and str(16 << 20) in message
    # One that just fits is read.
    with jobs.start(job, definitions.put(LAKE + b" " * ((16 << 20) - len(LAKE)))) as function:
        outcome = function.invoke({"Records": []} if job == WITHOUT else kinesis_event(readings(3)))
        assert (outcome.error or {}).get("errorType") == "Event.MissingField" or outcome.reply == DONE


@BOTH
@pytest.mark.parametrize("place", ["s3://", "s3://bucket-alone", "s3a://bucket/lake.json", "https://host/lake.json"])
def test_a_place_that_is_none(jobs, job, place):
    with jobs.start(job, place) as function:
        error = function.initialised().error
    assert error["errorType"] == "ConfigurationError"
    assert error["errorMessage"] == "LAKE_DEFINITION must be the path of a lake.json, or s3://bucket/key"


# What it costs.


@contextmanager
def delayed(lake: AWSLake):
    recorder = Recorder()
    proxies = {service: DelayProxy(service, endpoint, recorder) for service, endpoint in lake.endpoints.items()}
    try:
        yield recorder, {service: proxy.endpoint for service, proxy in proxies.items()}
    finally:
        for proxy in proxies.values():
            proxy.__exit__()


def test_a_cold_start_takes_one_wave_more(definitions, new_lake):
    """From the start of the process to its first commit, with 20 ms added to every request; the fewest waves of some
    starts, as a busy machine may begin a request of a wave late."""
    lake = new_lake("glue")
    count = 0

    def start(place: str, endpoints: dict) -> float:
        nonlocal count
        environment = {**lake.environment(endpoints), **NO_OTHERS, "LAKE_DEFINITION": place}
        event = kinesis_event(readings(20), first=count)
        count += 20
        began = time.monotonic()
        with Function("kinesis-ingest", None, environment, program=packaged("kinesis-ingest")) as function:
            assert function.invoke(event).reply == DONE, function.log_text()
            return (time.monotonic() - began) * 1000

    places = {"file": str(ROOT / "lake.json"), "S3": definitions.put()}
    times, fewest = {name: [] for name in places}, dict.fromkeys(places, 100)
    with delayed(lake) as (recorder, endpoints):
        start(places["file"], endpoints)
        for _ in range(7):
            for name, place in places.items():
                recorder.settled()
                recorder.clear()
                times[name].append(start(place, endpoints))
                fewest[name] = min(fewest[name], len(waves(recorder.settled())))
    medians = {name: statistics.median(found) for name, found in times.items()}
    print(f"\nfirst commit after the start: {medians['file']:.0f} ms with a file, {medians['S3']:.0f} ms with S3; "
          f"waves: {fewest}")  # fmt: skip
    assert fewest["S3"] <= fewest["file"] + 1
    assert len(lake.rows()) == count


# The command line.


def command(definitions: Definitions, *arguments: str, folder: Path, **changes) -> subprocess.CompletedProcess:
    environment = definitions.environment("", **changes)
    return subprocess.run(
        [binary("swiftlake"), *arguments], capture_output=True, text=True, cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
    )  # fmt: skip


def test_the_command_line_reads_it_too(definitions, tmp_path):
    location, missing = definitions.put(), f"s3://{definitions.bucket}/missing.json"
    good = command(definitions, "definition", "check", location, folder=tmp_path)
    assert good.returncode == 0 and good.stdout.startswith(f"{location} is good: "), good
    bad = command(definitions, "definition", "check", missing, folder=tmp_path)
    assert bad.returncode == 1 and "NoSuchKey" in bad.stderr and missing in bad.stderr, bad
    named = command(definitions, "definition", "check", folder=tmp_path, LAKE_DEFINITION=location)
    assert named.returncode == 0 and named.stdout.startswith(f"{location} is good: "), named


def test_a_function_that_the_command_line_runs_reads_it_too(definitions, tmp_path):
    """With the credentials of a profile, which the function would not find."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text(
        f"[default]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n")
    (tmp_path / ".aws" / "config").write_text(f"[default]\nregion = {REGION}\n")
    event = tmp_path / "event.json"
    event.write_text(json.dumps(kinesis_event(readings(4))))
    profile = {
        "HOME": str(tmp_path), "AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_REGION": None,
        "LAKE_DEFINITION": definitions.put(),
    }  # fmt: skip
    done = command(definitions, "invoke", "kinesis-ingest", str(event), folder=tmp_path, **profile)
    assert done.returncode == 0, done.stdout + done.stderr
    listed = command(definitions, "table", "list", folder=tmp_path, **profile)
    assert listed.returncode == 0 and "iot_db.sensor_readings" in listed.stdout, listed
