"""A process of the conformance program that does what it is told line by line."""

import json
import os
import subprocess

from support import binary


class ConformanceCalls:
    """`conformance CHECK [ARGUMENT…]` in a function's environment: a line in for each call, a line of JSON out."""

    def __init__(self, check: str, environment: dict, *arguments):
        self.process = subprocess.Popen(
            [binary("conformance"), check, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], **environment},
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def send(self, line: str):
        """Sends a call without waiting for its answer."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict:
        line = self.process.stdout.readline()
        assert line, f"the process ended with {self.process.wait()}"
        return json.loads(line)

    def ok(self, *arguments, **members) -> dict:
        """A call that must not fail."""
        answer = self(*arguments, **members)
        assert "error" not in answer, answer
        return answer
