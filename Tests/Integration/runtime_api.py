"""A Lambda Runtime API on loopback, written without the project's own code, that feeds events to one real function."""

import json
import os
import queue
import subprocess
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from local_server import PromptHandler, QuietServer
from support import binary


@dataclass
class Outcome:
    """How one invocation ended: with a reply, a function error, or the end of the process."""

    reply: dict | None = None
    error: dict | None = None
    exit_status: int | None = None
    logs: list[dict] = field(default_factory=list)


class Function:
    """One process of a function's binary, kept warm between invocations. `lake` is the folder of a local one; without
    it the environment says where the lake lies. `program` is another binary than the one that was built."""

    def __init__(
        self,
        job: str,
        lake: Path | None,
        environment: dict | None = None,
        command: list[str] | None = None,
        program: str | None = None,
    ):
        self.events: queue.Queue = queue.Queue()
        self.outcomes: queue.Queue = queue.Queue()
        self.deadline_ms = 60_000
        self.server = QuietServer(("127.0.0.1", 0), self._handler())
        # Half a second, which is the default, would be the wait for the end of every function.
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.log_file = tempfile.TemporaryFile()
        self.log_lock, self.log_lines, self.log_end = threading.Lock(), [], 0
        self.process = subprocess.Popen(
            (command or []) + [program or binary(job)],
            env={
                "PATH": os.environ["PATH"],
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.server_port}",
                "AWS_LAMBDA_LOG_FORMAT": "JSON",
                "LAKE_DEFINITION": str(Path(__file__).resolve().parents[2] / "lake.json"),
                **(_local(lake) if lake else {}),
                **(environment or {}),
            },
            stdout=self.log_file,
            stderr=self.log_file,
        )
        threading.Thread(target=self._watch, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.server.shutdown()
        self.server.server_close()
        self.log_file.close()

    def invoke(self, event, timeout: float = 60) -> Outcome:
        """Sends one event (an object, or bytes as they are) and waits for how it ended."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        self.events.put((str(uuid.uuid4()), body))
        outcome = self.outcomes.get(timeout=timeout)
        outcome.logs = self.logs()
        return outcome

    def initialised(self, timeout: float = 30) -> Outcome | None:
        """How initialisation failed, for a function that is expected to fail there."""
        outcome = self.outcomes.get(timeout=timeout)
        outcome.logs = self.logs()
        return outcome

    def logs(self) -> list[dict]:
        """Everything logged so far; a line that is no JSON object stands under `text`."""
        with self.log_lock:
            # Each line is read once, however often a function with many invocations is asked.
            size = os.fstat(self.log_file.fileno()).st_size
            new = os.pread(self.log_file.fileno(), size - self.log_end, self.log_end)
            whole = new[: new.rfind(b"\n") + 1]
            self.log_lines += _parsed(whole)
            self.log_end += len(whole)
            return self.log_lines + _parsed(new[len(whole) :])

    def log_text(self) -> str:
        return "\n".join(json.dumps(line) for line in self.logs())

    def _watch(self):
        status = self.process.wait()
        self.outcomes.put(Outcome(exit_status=status))

    def _handler(function):
        class Handler(PromptHandler):
            def do_GET(self):
                request_id, body = function.events.get()
                self.send_response(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", request_id)
                self.send_header("Lambda-Runtime-Deadline-Ms", str(_now_ms() + function.deadline_ms))
                self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:f")
                self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                content = json.loads(body) if body else None
                # Before the reply, after which the process may end and be an outcome of its own.
                if self.path.endswith("/response"):
                    function.outcomes.put(Outcome(reply=content))
                else:
                    function.outcomes.put(Outcome(error=content))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

        return Handler


def _parsed(lines: bytes) -> list[dict]:
    return [json.loads(line) if line.startswith("{") else {"text": line} for line in lines.decode(errors="replace").splitlines()]


def _local(lake: Path) -> dict:
    return {"LAKE_CATALOG": f"sqlite:///{lake}/catalog.db", "LAKE_WAREHOUSE": f"file://{lake}/warehouse"}


def _now_ms() -> int:
    return int(time.time() * 1000)
