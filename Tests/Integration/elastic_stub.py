"""Elasticsearch as far as kafka-elastic needs it, on loopback and without the project's own code: documents with
external versions, index templates, and every fault that a test asks for, each for one `_bulk` request."""

import gzip
import json
import socket
import threading
import time
from dataclasses import dataclass, field

from local_server import LocalServer, PromptHandler, QuietServer

MAPPER_FAULT = {"type": "mapper_parsing_exception", "reason": "failed to parse field [x] of type [long] in document 'secret-name'"}
BUSY = {"type": "es_rejected_execution_exception", "reason": "rejected execution of coordinating operation"}


@dataclass
class Fault:
    """What happens to one `_bulk` request instead of the usual."""

    # A whole reply of this status; None for the usual one.
    status: int | None = None
    body: bytes = b'{"error":{"type":"es_rejected_execution_exception","reason":"too busy"},"status":429}'
    fields: dict = field(default_factory=dict)
    # Whether the documents are indexed all the same.
    acts: bool = False
    # The connection ends after so many bytes of the reply: 0 for none at all, negative for all but so many.
    cut: int | None = None
    # Seconds before the reply.
    delay: float = 0
    # The status of a document by its place; None for the usual.
    items: object = None
    # Changes the reply's text.
    edit: object = None


@dataclass
class Request:
    method: str
    path: str
    fields: dict
    body: bytes

    @property
    def text(self) -> bytes:
        """The body as it was before it was compressed."""
        return gzip.decompress(self.body) if self.fields.get("content-encoding") == "gzip" else self.body

    @property
    def documents(self) -> list[tuple[dict, dict]]:
        """Pairs of action and document of a `_bulk` body."""
        text = self.text
        assert text.endswith(b"\n"), "the last line lacks its end"
        lines = [json.loads(line) for line in text.split(b"\n")[:-1]]
        return list(zip(lines[::2], lines[1::2], strict=True))


class ElasticStub(LocalServer):
    def __init__(self, authorization: str | None = None, maximum_bytes: int | None = None):
        self.faults: list[Fault] = []
        # A fault for every request, behind those of `faults`.
        self.always: Fault | None = None
        self.authorization = authorization
        self.maximum_bytes = maximum_bytes
        self.template_status: int | None = None
        self.documents: dict[str, tuple[int, dict]] = {}
        self.templates: dict[str, dict] = {}
        self.requests: list[Request] = []
        self.lock = threading.Lock()
        stub = self

        class Handler(PromptHandler):
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                fields = {name.lower(): value for name, value in self.headers.items()}
                stub.answer(self, Request(self.command, self.path, fields, body))

            do_GET = do_PUT = do_POST = do_HEAD = handle_any

        self.serve(QuietServer(("127.0.0.1", 0), Handler))

    @property
    def bulks(self) -> list[Request]:
        return [request for request in self.requests if "/_bulk" in request.path]

    @property
    def sources(self) -> dict[str, dict]:
        return {name: source for name, (_, source) in self.documents.items()}

    def answer(self, handler, request: Request):
        with self.lock:
            self.requests.append(request)
        if self.authorization is not None and request.fields.get("authorization") != self.authorization:
            got = request.fields.get("authorization")
            reason = f"unable to authenticate with [{got}]"
            return self.reply(handler, request, 401, _json({"error": {"type": "security_exception", "reason": reason}}))
        if "/_index_template/" in request.path:
            return self.template(handler, request)
        assert request.method == "POST" and request.path.split("?")[0].endswith("/_bulk"), request.path
        with self.lock:
            fault = self.faults.pop(0) if self.faults else self.always or Fault()
        time.sleep(fault.delay)
        if self.maximum_bytes is not None and len(request.text) > self.maximum_bytes:
            return self.reply(handler, request, 413, b"<html><h1>413 Request Entity Too Large</h1></html>")
        status, body = 200, b""
        if fault.status is None or fault.acts:
            body = self.bulk(request, fault)
        if fault.status is not None:
            status, body = fault.status, fault.body
        if fault.edit:
            body = fault.edit(body)
        self.reply(handler, request, status, body, fault.fields, fault.cut)

    def bulk(self, request: Request, fault: Fault) -> bytes:
        items = []
        with self.lock:
            for place, (action, source) in enumerate(request.documents):
                order = action["index"]
                status = fault.items(place) if fault.items else None
                result = {"_id": order["_id"], "status": status}
                if status in (429, 503):
                    result["error"] = BUSY
                elif status == 400:
                    result["error"] = MAPPER_FAULT
                elif isinstance(status, tuple):
                    result["status"], result["error"] = status
                else:
                    assert order["version_type"] == "external"
                    held = self.documents.get(order["_id"])
                    if held and held[0] >= order["version"]:
                        result |= {"status": 409, "error": {"type": "version_conflict_engine_exception", "reason": "x"}}
                    else:
                        self.documents[order["_id"]] = (order["version"], source)
                        result["status"] = 200 if held else 201
                items.append({"index": result})
        return _json({"took": 1, "errors": any("error" in item["index"] for item in items), "items": items})

    def template(self, handler, request: Request):
        name = request.path.split("/_index_template/")[1].split("?")[0]
        with self.lock:
            if self.template_status is not None:
                return self.reply(handler, request, self.template_status, _json({"error": {"type": "security_exception", "reason": "no"}}))
            if request.method == "PUT":
                if name in self.templates:
                    reason = f"index template [{name}] already exists"
                    return self.reply(handler, request, 400, _json({"error": {"type": "illegal_argument_exception", "reason": reason}}))
                self.templates[name] = json.loads(request.body)
                return self.reply(handler, request, 200, b'{"acknowledged":true}')
        self.reply(handler, request, 200 if name in self.templates else 404, b"{}")

    def reply(self, handler, request, status: int, body: bytes, fields: dict | None = None, cut: int | None = None):
        if cut is not None:
            handler.close_connection = True
            if cut == 0:
                return handler.connection.shutdown(socket.SHUT_RDWR)
        handler.send_response_only(status)
        for name, value in {"Content-Type": "application/json", **(fields or {})}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if request.method != "HEAD":
            handler.wfile.write(body if cut is None else body[:cut])


def _json(value) -> bytes:
    return json.dumps(value).encode()
