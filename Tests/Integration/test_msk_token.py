"""Tokens of MSK's IAM access control, against AWS's own signer for Python, on generated credentials, regions and times."""

import base64
import datetime
import importlib.metadata
import json
import random
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

import botocore.auth
import pytest
from aws_msk_iam_sasl_signer import MSKAuthTokenProvider as signer
from botocore.credentials import Credentials
from support import conformance

COUNT = 600
VERSION = importlib.metadata.version("aws-msk-iam-sasl-signer-python")
REGIONS = [
    "eu-west-1", "us-east-1", "ap-southeast-4", "ca-west-1", "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1",
    "us-iso-east-1", "eusc-de-east-1",
]  # fmt: skip
ODD = ["+", "/", "=", "&", "%", "%2F", "?", "#", " ", "~", "-", "_", ".", "*", "'", "(", ")", "!", ":", "@", ";", ",", "\\", '"', "ü", "🦢"]


def generated(rng: random.Random, index: int) -> dict:
    """What one token is made of, as a JSON line holds it."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    plain = lambda count: "".join(rng.choice(letters) for _ in range(count))  # noqa: E731
    odd = lambda: "".join(rng.choice([plain(3), rng.choice(ODD)]) for _ in range(rng.randint(1, 30)))  # noqa: E731
    return {
        "id": rng.choice(["AKIA", "ASIA"]) + (plain(16).upper() if index % 4 else odd()),
        "secret": plain(40) if index % 3 else odd(),
        "token": None if index % 2 else rng.choice([odd(), "IQoJb3JpZ2luX2Vj" + plain(rng.randint(0, 1200)) + "//+="]),
        "region": REGIONS[index % len(REGIONS)],
        "ms": rng.choice([rng.randint(0, 4_102_444_799_999), 951_782_399_999, 1_709_164_800_000, 1_735_689_599_001]),
        "userAgent": f"{signer.LIB_NAME}/{VERSION}",
    }


def by_aws(case: dict) -> tuple[str, int]:
    """The token and its end, as AWS's signer makes them at that time."""
    now = datetime.datetime.fromtimestamp(case["ms"] // 1000, datetime.timezone.utc).replace(tzinfo=None)
    construct = getattr(signer, "__construct_auth_token")
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: now):
        return construct(case["region"], Credentials(case["id"], case["secret"], case["token"]))


def url(token: str) -> str:
    assert "=" not in token
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()


def tokens(cases: list[dict]) -> list[dict]:
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    answers = [json.loads(line) for line in conformance("msk-token", input=lines.encode()).stdout.decode().splitlines()]
    assert len(answers) == len(cases)
    return answers


@pytest.fixture(scope="module")
def cases() -> list[dict]:
    rng = random.Random(20261121)
    return [generated(rng, index) for index in range(COUNT)]


def test_tokens_are_those_of_aws(cases):
    for case, ours in zip(cases, tokens(cases)):
        text, end = by_aws(case)
        mine, theirs = urlsplit(url(ours["text"])), urlsplit(url(text))
        assert (mine.scheme, mine.netloc, mine.path) == (theirs.scheme, theirs.netloc, theirs.path)
        parameters = parse_qsl(mine.query, keep_blank_values=True, strict_parsing=True)
        # The order is free, but that nothing but the user agent stands behind the signature.
        assert sorted(parameters) == sorted(parse_qsl(theirs.query, keep_blank_values=True)), case
        assert [name for name, _ in parameters[-2:]] == ["X-Amz-Signature", "User-Agent"]
        assert dict(parameters)["X-Amz-SignedHeaders"] == "host"
        assert ours["expirationMs"] == end
        assert ours["principal"] == case["id"]
    sessions = sum(case["token"] is not None for case in cases)
    print(f"aws-msk-iam-sasl-signer-python {VERSION}: {COUNT} tokens are the same, {sessions} of temporary credentials")


def test_token_ends_with_the_credentials(cases):
    rng = random.Random(7)
    limited = [case | {"expirationMs": case["ms"] + rng.randint(-2_000_000, 2_000_000)} for case in cases]
    counts = {"capped": 0, "whole": 0, "refused": 0}
    for case, ours in zip(limited, tokens(limited)):
        if case["expirationMs"] <= case["ms"]:
            assert "expired" in ours["error"] and case["secret"] not in ours["error"]
            counts["refused"] += 1
            continue
        whole = case["ms"] // 1000 * 1000 + 900_000
        assert ours["expirationMs"] == min(whole, case["expirationMs"])
        counts["whole" if ours["expirationMs"] == whole else "capped"] += 1
    print(counts)
    assert min(counts.values()) > COUNT // 10


def test_empty_credentials_make_no_token(cases):
    empty = [cases[0] | {"id": ""}, cases[0] | {"secret": ""}]
    assert all("empty" in answer["error"] for answer in tokens(empty))
