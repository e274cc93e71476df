"""AWS's own Runtime Interface Emulator, which does to a function what Lambda does."""

import json
import os
import platform
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from support import ROOT

TIMEOUT_SECONDS = 2


def emulator_path() -> Path:
    """The emulator; SWIFTLAKE_RIE names another place than setup's."""
    name = "aws-lambda-rie-arm64" if platform.machine() in ("aarch64", "arm64") else "aws-lambda-rie-x86_64"
    path = Path(os.environ.get("SWIFTLAKE_RIE", ROOT / ".build" / "rie" / name))
    assert path.exists(), f"{path} is missing: run Tests/Integration/fetch_rie.sh .build/rie, or ./build.sh setup"
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Emulator:
    """One emulator with one function, on loopback only."""

    def __init__(self, folder: Path, program: str, **environment: str):
        self.port = free_port()
        self.log_path = folder / "emulator.log"
        self.log = self.log_path.open("wb")
        # One process of the function at a time, as Lambda has it.
        self.process = subprocess.Popen(
            [
                str(emulator_path()),
                "--runtime-interface-emulator-address", f"127.0.0.1:{self.port}",
                "--runtime-api-address", f"127.0.0.1:{free_port()}",
                program,
            ],
            stdout=self.log, stderr=subprocess.STDOUT, cwd=folder,
            env={
                "PATH": os.environ["PATH"], "AWS_LAMBDA_FUNCTION_TIMEOUT": str(TIMEOUT_SECONDS),
                # The Swift runtime's report of a crash takes longer than the emulator gives a function.
                "SWIFT_BACKTRACE": "enable=no", **environment,
            },
        )
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, self.lines()
                time.sleep(0.02)

    def invoke(self, event) -> bytes:
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        url = f"http://127.0.0.1:{self.port}/2015-03-31/functions/function/invocations"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=30) as response:
                return response.read()
        except urllib.error.HTTPError as error:
            return error.read()

    def lines(self) -> list[str]:
        return self.log_path.read_text(errors="replace").splitlines()

    def objects(self) -> list[dict]:
        return [json.loads(line) for line in self.lines() if line.startswith("{")]

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
