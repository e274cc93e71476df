"""Signature Version 4 in header and query form, against botocore's signers, on generated requests."""

import base64
import datetime
import hashlib
import json
import random
from urllib.parse import parse_qsl, quote, urlsplit
from unittest import mock

import botocore
import botocore.auth
import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from support import conformance

COUNT = 4000
UNRESERVED = "-_.~"
REGIONS = ["eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1"]
SERVICES = ["s3", "s3", "glue", "athena", "kinesis", "sns", "execute-api", "s3tables", "kafka-cluster", "lambda"]
HOSTS = ["bucket.s3.eu-west-1.amazonaws.com", "glue.us-east-1.amazonaws.com", "localhost:4566", "127.0.0.1:8333", "[::1]:99"]
TEXTS = ["", " ", "  two  spaces ", "plus+plus", "a=b&c", "ü", "日本語", "🦢", "e\u0301", "%", "%2F", "%20", "/", "//", "?#",
         "~-_.", "*'()!", "a b+c", "\\", '"', "<>", "key", "Key", "key-2", ":", "@", ",", ";", "\u00a0", "ß/ß"]
SEGMENTS = TEXTS + [".", "..", "...", "a", "metadata", "00001-x.metadata.json", "hour=2026-01-31-23"]


def text(rng: random.Random, letters=TEXTS) -> str:
    return "".join(rng.choice(letters) for _ in range(rng.randint(0, 3)))


def generated(rng: random.Random, index: int) -> dict:
    """One request as a JSON line holds it."""
    service = rng.choice(SERVICES)
    segments = [quote(rng.choice(SEGMENTS), safe=rng.choice([UNRESERVED, UNRESERVED + "/"])) for _ in range(rng.randint(0, 5))]
    path = "/" + "/".join(segments)
    keys = [text(rng) for _ in range(rng.randint(0, 4))]
    query = [[rng.choice(keys), text(rng)] for _ in keys] if keys else []
    fields = [["x-amz-meta-" + rng.choice("abc"), rng.choice(["v", "a  b", "a \t b   c", "", "é", "x,y"])] for _ in range(rng.randint(0, 3))]
    if rng.random() < 0.5:
        fields.append([rng.choice(["Content-Type", "content-type"]), "application/x-amz-json-1.1"])
    if rng.random() < 0.3:
        fields += [["User-Agent", "swiftlake"], ["X-Amzn-Trace-Id", "Root=1"], ["If-None-Match", "*"]]
    is_query_form = index % 3 == 2
    if is_query_form:
        # botocore's query form keeps one value a name, and moves a body into the query.
        query = [[name, value] for name, value in dict(map(tuple, query)).items()]
    return {
        "method": rng.choice(["GET", "PUT", "POST", "DELETE", "HEAD"]), "host": rng.choice(HOSTS), "path": path, "query": query,
        "fields": fields, "body": "" if is_query_form else rng.choice(["", "{}", text(rng), "x" * rng.randint(0, 5000)]),
        "unsigned": service == "s3" and (is_query_form or rng.random() < 0.2), "id": "AKID" + str(rng.randint(0, 99)),
        "secret": "secret/+" + str(rng.random()), "token": rng.choice([None, "IQoJ/token+==" + "t" * rng.randint(0, 900)]),
        "region": rng.choice(REGIONS), "service": service, "ms": rng.randint(0, 4_102_444_799_999),
        "expires": rng.choice([1, 900, 604_800]) if is_query_form else None,
    }  # fmt: skip


def encoded(query: list) -> str:
    return "&".join(f"{quote(name, safe=UNRESERVED)}={quote(value, safe=UNRESERVED)}" for name, value in query)


def signed_by_botocore(request: dict) -> AWSRequest:
    """The request as botocore signs it."""
    url = "https://" + request["host"] + request["path"] + ("?" + encoded(request["query"]) if request["query"] else "")
    theirs = AWSRequest(request["method"], url, data=request["body"].encode())
    for name, value in request["fields"]:
        theirs.headers.add_header(name, value)
    credentials = Credentials(request["id"], request["secret"], request["token"])
    is_s3 = request["service"] == "s3"
    if request["expires"]:
        signer = S3SigV4QueryAuth if is_s3 else SigV4QueryAuth
        auth = signer(credentials, request["service"], request["region"], expires=request["expires"])
    else:
        theirs.context["client_config"] = mock.Mock(s3={"payload_signing_enabled": not request["unsigned"]})
        auth = (S3SigV4Auth if is_s3 else SigV4Auth)(credentials, request["service"], request["region"])
    now = datetime.datetime.fromtimestamp(request["ms"] // 1000, datetime.timezone.utc).replace(tzinfo=None)
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: now):
        auth.add_auth(theirs)
    return theirs


def sign(requests: list[dict]) -> list[list]:
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    output = conformance("aws-signing", input=lines.encode()).stdout.decode()
    answers = [json.loads(line) for line in output.splitlines()]
    assert len(answers) == len(requests)
    return answers


@pytest.fixture(scope="module")
def requests() -> list[dict]:
    rng = random.Random(20260131)
    return [generated(rng, index) for index in range(COUNT)]


def test_signs_as_botocore_does(requests):
    forms = {"header": 0, "query": 0}
    for request, ours in zip(requests, sign(requests)):
        theirs = signed_by_botocore(request)
        if request["expires"]:
            forms["query"] += 1
            expected = parse_qsl(urlsplit(theirs.url).query, keep_blank_values=True)
            # The order of parameters is free, but for the signature.
            assert sorted(map(tuple, ours)) == sorted(expected), request
        else:
            forms["header"] += 1
            fields = {name.lower(): value for name, value in ours}
            for name in ("authorization", "x-amz-date", "x-amz-security-token"):
                assert fields.get(name) == theirs.headers.get(name), (name, request)
            if request["service"] == "s3":
                assert fields["x-amz-content-sha256"] == theirs.headers["x-amz-content-sha256"]
    print(f"botocore {botocore.__version__}: {forms['header']} header and {forms['query']} query signatures are the same")
    assert min(forms.values()) > COUNT // 4


def test_token_of_a_kafka_cluster_has_a_signature_of_its_url():
    """The URL that MSK's IAM mechanism takes for a token: query form, signing name kafka-cluster."""
    request = {
        "method": "GET", "host": "kafka.eu-west-1.amazonaws.com", "path": "/", "query": [["Action", "kafka-cluster:Connect"]],
        "fields": [], "body": "", "unsigned": False, "id": "AKID", "secret": "s", "token": "t/+=", "region": "eu-west-1",
        "service": "kafka-cluster", "ms": 1_790_000_000_000, "expires": 900,
    }  # fmt: skip
    ours = sign([request])[0]
    expected = parse_qsl(urlsplit(signed_by_botocore(request).url).query)
    assert sorted(map(tuple, ours)) == sorted(expected)
    assert [name for name, _ in ours][-1] == "X-Amz-Signature"
    assert dict(ours)["X-Amz-SignedHeaders"] == "host"


def test_hash_of_the_body_is_its_sha256():
    bodies = ["", "a", "ü" * 4000, "x" * 100_000]
    base = {"method": "PUT", "host": "b.s3.amazonaws.com", "path": "/k", "id": "A", "secret": "s", "region": "r1", "service": "s3", "ms": 0}
    for body, ours in zip(bodies, sign([base | {"body": body} for body in bodies])):
        assert dict(ours)["x-amz-content-sha256"] == hashlib.sha256(body.encode()).hexdigest()


def test_secret_shows_nowhere(requests):
    for request, ours in zip(requests[:200], sign(requests[:200])):
        text = json.dumps(ours)
        assert request["secret"] not in text and base64.b64encode(request["secret"].encode()).decode() not in text
