"""Calls of services through the conformance program, as the checks of them make them."""

import json
import os
import subprocess

from servers import ACCESS_KEY, REGION, SECRET_KEY
from support import binary

CREDENTIALS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
NOWHERE = {"AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent"}


def calls(environment: dict, *lines: dict, arguments=()) -> list[dict]:
    """Makes the calls in one process and returns its answers. Nothing of this process's AWS settings gets through."""
    done = subprocess.run(
        [binary("conformance"), "aws-services", *arguments],
        input="".join(json.dumps(line) + "\n" for line in lines).encode(),
        env={"PATH": os.environ["PATH"], **NOWHERE, **environment},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    for secret in (SECRET_KEY, environment.get("AWS_SECRET_ACCESS_KEY"), environment.get("AWS_SESSION_TOKEN")):
        assert not secret or secret not in done.stdout.decode() + done.stderr.decode()
    return answers


def ok(environment: dict, **line):
    """What the one call answers, which must succeed."""
    (answer,) = calls(environment, line)
    assert "ok" in answer, answer
    return answer["ok"]


def error(environment: dict, **line) -> dict:
    """The error of the one call, which must fail with one line."""
    (answer,) = calls(environment, line)
    assert "error" in answer, answer
    assert "\n" not in answer["error"]["line"]
    return answer["error"]
