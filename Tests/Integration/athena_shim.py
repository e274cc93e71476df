"""Athena's staged executions before moto's Athena, which runs no SQL and ends every statement as soon as it is asked."""

import json
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from local_server import LocalServer, PromptHandler, QuietServer
from servers import client

FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")


@dataclass
class Run:
    """One execution: its states, of which each GetQueryExecution shows the next, and the last one for ever. `effect` is
    called with the start when the last state is first shown, as a statement changes nothing before it has ended."""

    states: tuple = ("QUEUED", "RUNNING", "SUCCEEDED")
    reason: str | None = None
    scanned: int = 0
    milliseconds: int = 0
    effect: Callable | None = None


def failing(reason: str, *, state: str = "FAILED", effect: Callable | None = None) -> Run:
    """An execution that ends badly, with what Athena says of it."""
    return Run(("QUEUED", "RUNNING", state), reason, effect=effect)


@dataclass
class Start:
    """A StartQueryExecution that was accepted; `id` is of the execution that it began or, by its token, had begun."""

    sql: str
    token: str | None
    database: str | None
    work_group: str | None
    output: str | None
    id: str
    is_new: bool


class AthenaShim(LocalServer):
    """Athena as moto has it, with executions that go through their states as a test says.

    `script(pattern, run, …)` gives the runs of the statements whose SQL holds a regular expression: the first statement
    takes the first run, and so on, the last one for ever; of several patterns that fit, the one told last counts. A
    statement that none fits succeeds. `starts` holds what was started, `calls` every operation with its request, and
    `most_at_once` how many executions were unfinished together. As the real one, it starts a statement once for each
    ClientRequestToken, and refuses the token with another statement. `refuse(operation, kind, count)` answers the next
    calls of an operation with an error. Everything that is asked of it reaches moto too, so that its other operations
    know the executions."""

    def __init__(self, athena_endpoint: str):
        self.upstream = urlsplit(athena_endpoint)
        self.lock = threading.RLock()
        self.reset()
        self.serve(QuietServer(("127.0.0.1", 0), self._handler()))

    def client(self, **settings):
        return client("athena", self.endpoint, **settings)

    def reset(self):
        """Forgets everything, after moto was reset."""
        with self.lock:
            self.calls: list[tuple[str, dict]] = []
            self.starts: list[Start] = []
            self.most_at_once = 0
            self._scripts: list[tuple[re.Pattern, list[Run]]] = []
            self._refusals: list[tuple[str, int, str, str]] = []
            self._runs: dict[str, tuple[Run, int, Start]] = {}
            self._tokens: dict[str, tuple[dict, str]] = {}

    def script(self, pattern: str, *runs: Run):
        with self.lock:
            self._scripts.insert(0, (re.compile(pattern), list(runs)))

    def refuse(self, operation: str, kind: str = "ThrottlingException", count: int = 1, message: str = "Rate exceeded"):
        status = 500 if kind.startswith("Internal") else 400
        with self.lock:
            self._refusals += [(operation, status, kind, message)] * count

    @property
    def statements(self) -> list[str]:
        """The SQL of the executions in the order in which they began."""
        return [start.sql for start in self.starts if start.is_new]

    def state(self, id: str) -> str:
        """The state that was last shown."""
        with self.lock:
            run, shown, _ = self._runs[id]
            return run.states[max(0, min(shown, len(run.states)) - 1)]

    def _reply(self, operation: str, request: dict, headers: dict, body: bytes) -> tuple[int, bytes]:
        with self.lock:
            self.calls.append((operation, request))
            for place, (refused, status, kind, message) in enumerate(self._refusals):
                if refused == operation:
                    del self._refusals[place]
                    return _error(status, kind, message)
            if operation == "StartQueryExecution":
                return self._start(request, headers, body)
            if operation == "GetQueryExecution" and request.get("QueryExecutionId") in self._runs:
                return self._show(request["QueryExecutionId"], headers, body)
            if operation == "StopQueryExecution" and request.get("QueryExecutionId") in self._runs:
                run, _, start = self._runs[request["QueryExecutionId"]]
                if self.state(start.id) not in FINAL:
                    self._runs[start.id] = (Run(("CANCELLED",), "Query cancelled by user"), 0, start)
        return self._forward(headers, body)

    def _start(self, request: dict, headers: dict, body: bytes) -> tuple[int, bytes]:
        token = request.get("ClientRequestToken")
        if token is not None and not 32 <= len(token) <= 128:
            return _error(400, "InvalidRequestException", "ClientRequestToken must have 32 to 128 characters")
        start = Start(
            request["QueryString"], token, request.get("QueryExecutionContext", {}).get("Database"),
            request.get("WorkGroup"), request.get("ResultConfiguration", {}).get("OutputLocation"), "", False,
        )  # fmt: skip
        if token in self._tokens:
            known, start.id = self._tokens[token]
            if known != request:
                return _error(400, "InvalidRequestException", "Idempotent parameters do not match")
            self.starts.append(start)
            return 200, json.dumps({"QueryExecutionId": start.id}).encode()
        status, reply = self._forward(headers, body)
        if status != 200:
            return status, reply
        start.id, start.is_new = json.loads(reply)["QueryExecutionId"], True
        if token is not None:
            self._tokens[token] = (request, start.id)
        self._runs[start.id] = (self._next_run(start.sql), 0, start)
        self.starts.append(start)
        unfinished = sum(self.state(id) not in FINAL for id in self._runs)
        self.most_at_once = max(self.most_at_once, unfinished)
        return status, reply

    def _next_run(self, sql: str) -> Run:
        for pattern, runs in self._scripts:
            if pattern.search(sql):
                return runs.pop(0) if len(runs) > 1 else runs[0]
        return Run()

    def _show(self, id: str, headers: dict, body: bytes) -> tuple[int, bytes]:
        run, shown, start = self._runs[id]
        self._runs[id] = (run, shown + 1, start)
        if shown + 1 == len(run.states) and run.effect is not None:
            run.effect(start)
        status, reply = self._forward(headers, body)
        if status != 200:
            return status, reply
        content = json.loads(reply)
        execution = content["QueryExecution"]
        state = self.state(id)
        execution["Status"] = {"State": state, "SubmissionDateTime": 1.7e9}
        if state in FINAL:
            if run.reason is not None:
                execution["Status"]["StateChangeReason"] = run.reason
            execution["Statistics"]["DataScannedInBytes"] = run.scanned
            execution["Statistics"]["TotalExecutionTimeInMillis"] = run.milliseconds
        return status, json.dumps(content).encode()

    def _forward(self, headers: dict, body: bytes) -> tuple[int, bytes]:
        connection = HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=30)
        try:
            connection.request("POST", "/", body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _handler(shim):
        class Handler(PromptHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                operation = self.headers.get("x-amz-target", "").split(".")[-1]
                skipped = ("connection", "content-length")
                headers = {name: value for name, value in self.headers.items() if name.lower() not in skipped}
                try:
                    request = json.loads(body)
                    status, reply = shim._reply(operation, request, headers, body)
                except ValueError:
                    status, reply = _error(400, "SerializationException", "the request is no JSON")
                self.send_response_only(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

        return Handler


def _error(status: int, kind: str, message: str) -> tuple[int, bytes]:
    return status, json.dumps({"__type": kind, "Message": message, "message": message}).encode()
