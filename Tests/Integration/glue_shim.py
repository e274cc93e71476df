"""Glue's optimistic lock before moto's Glue, which has none."""

import json
import socket
import socketserver
import threading
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, responses
from urllib.parse import urlsplit

from http_messages import Head, MessageScanner
from local_server import LocalServer, QuietErrors
from servers import client


class GlueShim(LocalServer):
    """Glue as moto has it, with the optimistic lock of the real one: every version of a table has an opaque random id,
    which GetTable and GetTables tell, and an UpdateTable that names any but the current one is refused with
    ConcurrentModificationException and changes nothing. Calls that change or read tables pass one at a time; `calls`
    holds every operation with its request."""

    TABLE_CALLS = {"GetTable", "GetTables", "CreateTable", "UpdateTable", "DeleteTable", "BatchDeleteTable"}

    def __init__(self, glue_endpoint: str):
        self.upstream = urlsplit(glue_endpoint)
        self.lock = threading.Lock()
        self.versions: dict[tuple[str, str], str] = {}
        self.conflicts = 0
        # Whether moto does, so that each call has to reach it.
        self.checks_signatures = False
        self.calls: list[tuple[str, dict]] = []
        # Moto takes 4 ms for a call, which is not to be measured as the writer's: replies to GetTable are kept, as every
        # change comes by here, and an update whose version is current reaches moto behind its acknowledgement.
        self.known: dict[bytes, tuple] = {}
        self.behind: Future | None = None
        self.worker = ThreadPoolExecutor(1)
        self.local = threading.local()
        self.serve(_Server(("127.0.0.1", 0), self._handler()))

    def __exit__(self, *_):
        self.stop()

    def client(self, **settings):
        return client("glue", self.endpoint, **settings)

    def reset(self):
        """Forgets all versions and counts, after moto was reset."""
        with self.lock:
            self._settle()
            self.versions.clear()
            self.known = {}
            self.calls.clear()
            self.conflicts = 0
            self.checks_signatures = False

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        with self.lock:
            self._settle()
        self.worker.shutdown()

    def reply(self, head: Head, body: bytes) -> bytes:
        """The bytes that answer one call."""
        status, fields, content = self._handle(head, body)
        lines = [f"HTTP/1.1 {status} {responses.get(status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in fields]
        if "x-amzn-requestid" not in {name.lower() for name, _ in fields}:
            lines.append(f"x-amzn-RequestId: {uuid.uuid4()}")
        lines.append(f"Content-Length: {len(content)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + content

    def _handle(self, head: Head, body: bytes) -> tuple[int, list, bytes]:
        operation = head.fields.get("x-amz-target", "").split(".")[-1]
        headers = {name: value for name, value in head.fields.items() if name not in ("connection", "content-length")}
        try:
            request = json.loads(body)
        except ValueError:
            return self._forward(head.target, headers, body)
        with self.lock:
            self.calls.append((operation, request))
        if operation not in self.TABLE_CALLS:
            return self._forward(head.target, headers, body)
        with self.lock:
            return self._locked(operation, request, head.target, headers, body)

    def _locked(self, operation: str, request: dict, path: str, headers: dict, body: bytes):
        self._settle()
        if self.checks_signatures:
            return self._changed_or_read(operation, request, path, headers, body)
        if operation == "GetTable":
            if body not in self.known:
                reply = self._changed_or_read(operation, request, path, headers, body)
                self.known[body] = (reply, (operation, request, path, headers, body))
            return self.known[body][0]
        if operation == "UpdateTable" and self._is_current(request):
            call = (operation, request, path, headers, body)
            self.behind = self.worker.submit(self._write_behind, list(self.known.values()), *call)
            self.known = {}
            return 200, [("Content-Type", "application/x-amz-json-1.1")], b"{}"
        if operation != "GetTables":
            self.known = {}
        return self._changed_or_read(operation, request, path, headers, body)

    def _settle(self):
        """Waits until moto has what was acknowledged in its name; if it refused that, this call fails loudly."""
        if self.behind is not None:
            behind, self.behind = self.behind, None
            self.known = behind.result()

    def _write_behind(self, known: list, *update) -> dict:
        """Hands an update to moto, and asks anew for the tables that had been asked for."""
        status, _, reply = self._changed_or_read(*update)
        assert status == 200, f"moto refuses an update of a table that it has: {reply}"
        return {call[-1]: (self._changed_or_read(*call), call) for _, call in known}

    def _is_current(self, request: dict) -> bool:
        """Whether an update names the current version of a table that there is."""
        key = (request.get("DatabaseName", ""), request.get("TableInput", {}).get("Name", ""))
        return key in self.versions and self.versions[key] == request.get("VersionId")

    def _changed_or_read(self, operation: str, request: dict, path: str, headers: dict, body: bytes):
        database = request.get("DatabaseName", "")
        if operation == "UpdateTable" and "VersionId" in request:
            if not self._is_current(request):
                self.conflicts += 1
                message = "Update table failed due to concurrent modifications."
                return _json_error(400, "ConcurrentModificationException", message)
        status, fields, reply = self._forward(path, headers, body)
        if status != 200:
            return status, fields, reply
        if operation in ("CreateTable", "UpdateTable"):
            self.versions[(database, request["TableInput"]["Name"])] = uuid.uuid4().hex
        elif operation == "DeleteTable":
            self.versions.pop((database, request["Name"]), None)
        elif operation == "BatchDeleteTable":
            for name in request["TablesToDelete"]:
                self.versions.pop((database, name), None)
        else:
            content = json.loads(reply)
            for table in content.get("TableList", [content.get("Table")]):
                table["VersionId"] = self.versions.setdefault((database, table["Name"]), uuid.uuid4().hex)
            reply = json.dumps(content).encode()
        return status, fields, reply

    def _forward(self, path: str, headers: dict, body: bytes) -> tuple[int, list, bytes]:
        """The upstream's reply; one kept connection for each thread, opened again when it went stale."""
        for attempt in (1, 2):
            connection = getattr(self.local, "connection", None)
            if connection is None:
                connection = HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=30)
                self.local.connection = connection
            try:
                connection.request("POST", path, body, headers)
                response = connection.getresponse()
                content = response.read()
            except (OSError, EOFError):
                connection.close()
                self.local.connection = None
                if attempt == 2:
                    raise
                continue
            skipped = ("content-length", "connection", "transfer-encoding", "server", "date")
            return response.status, [(n, v) for n, v in response.getheaders() if n.lower() not in skipped], content

    def _handler(shim):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                scanner = MessageScanner()
                while data := self.request.recv(1 << 16):
                    for head, _, body in scanner.feed(data):
                        self.request.sendall(shim.reply(head, body))

        return Handler


class _Server(QuietErrors, socketserver.ThreadingTCPServer):
    request_queue_size = 128


def _json_error(status: int, kind: str, message: str) -> tuple[int, list, bytes]:
    body = json.dumps({"__type": kind, "Message": message, "message": message}).encode()
    return status, [("Content-Type", "application/x-amz-json-1.1")], body
