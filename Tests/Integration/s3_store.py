"""A store of S3 in a process of its own, asked from Python: one JSON object a line."""

import base64
import json
import os
import struct
import subprocess

from servers import ACCESS_KEY, REGION, SECRET_KEY
from support import binary


def body(count: int, seed: int) -> bytes:
    """The bytes that the store's process makes of the same count and seed."""
    state, block = seed & 0xFFFFFFFF, bytearray(4092)
    for place in range(4092):
        state = (state * 1_664_525 + 1_013_904_223) & 0xFFFFFFFF
        block[place] = state >> 24
    return b"".join(struct.pack("<I", number) + block for number in range((count + 4095) // 4096))[:count]


class Store:
    """Its answers are as the store gives them: `done`, `failed …`, `unknown …`, or bytes."""

    def __init__(self, endpoint: str, **environment):
        variables = {
            "PATH": os.environ["PATH"],
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL_S3": endpoint,
            **environment,
        }
        self.process = subprocess.Popen(
            [binary("conformance"), "s3-store"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: value for name, value in variables.items() if value is not None},
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait(timeout=30) == 0
        self.process.stdout.close()

    def ask(self, what: str, locations: list[str], **more) -> dict:
        self.process.stdin.write(json.dumps({"ask": what, "locations": locations, **more}).encode() + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the store's process ended"
        return json.loads(answer)

    def put(self, files: dict[str, tuple[int, int]], **more) -> dict[str, str]:
        """Files by location, each a body's count and seed."""
        bodies = [{"count": count, "seed": seed} for count, seed in files.values()]
        return dict(zip(files, self.ask("put", list(files), bodies=bodies, **more)["results"], strict=True))

    def get(self, *locations: str) -> list:
        return [_bytes(result) for result in self.ask("get", list(locations))["results"]]

    def range(self, location: str, count: int, start: int | None = None):
        more = {} if start is None else {"from": start}
        return _bytes(self.ask("range", [location], count=count, **more)["results"][0])


def _bytes(result: str):
    kind, _, text = result.partition(" ")
    return base64.b64decode(text) if kind == "bytes" else result
