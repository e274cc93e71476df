"""An HTTP API of API Gateway on loopback: real requests become events of payload format 2.0 for one real function, and its
replies become responses. Written from AWS's description of the format, without the project's own code."""

import base64
import json
import queue
import threading
import time
import uuid
from urllib.parse import parse_qsl, unquote

from local_server import LocalServer, PromptHandler, QuietServer
from runtime_api import Function

# What the service takes for text, and so hands on as it is.
TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")
FIELDS_OF_THE_CONNECTION = {"connection", "transfer-encoding", "keep-alive"}


class HTTPAPI(LocalServer):
    """Serves one function. `exchanges` keeps the event and the reply of every request, in order."""

    def __init__(self, function: Function, stage: str = "$default"):
        self.function, self.stage = function, stage
        self.exchanges: list[tuple[dict, dict | None]] = []
        self.lock = threading.Lock()
        self.serve(QuietServer(("127.0.0.1", 0), self._handler()))

    def event(self, method: str, target: str, fields: dict[str, str], body: bytes) -> dict:
        path, _, query = target.partition("?")
        is_text = fields.get("content-type", "").lower().startswith(TEXT_TYPES) and "content-encoding" not in fields
        if is_text:
            try:
                text = body.decode()
            except UnicodeDecodeError:
                is_text = False
        prefix = "" if self.stage == "$default" else f"/{self.stage}"
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": prefix + unquote(path, errors="replace"),
            "rawQueryString": query,
            "headers": fields,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "example",
                "domainName": "example.execute-api.eu-west-1.amazonaws.com",
                "domainPrefix": "example",
                "http": {
                    "method": method,
                    "path": prefix + unquote(path, errors="replace"),
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1",
                    "userAgent": fields.get("user-agent", ""),
                },
                "requestId": uuid.uuid4().hex,
                "routeKey": "$default",
                "stage": self.stage,
                "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime()),
                "timeEpoch": int(time.time() * 1000),
            },
            "isBase64Encoded": not is_text and bool(body),
        }
        if query:
            event["queryStringParameters"] = dict(parse_qsl(query, keep_blank_values=True))
        if body:
            event["body"] = text if is_text else base64.b64encode(body).decode()
        return event

    def answer(self, event: dict) -> tuple[int, dict, bytes]:
        """Status, fields and body of the function's reply, or of the service's own where it has none."""
        with self.lock:
            self.function.events.put((event["requestContext"]["requestId"], json.dumps(event).encode()))
            try:
                reply = self.function.outcomes.get(timeout=60).reply
            except queue.Empty:
                reply = None
            self.exchanges.append((event, reply))
        if not isinstance(reply, dict) or "statusCode" not in reply:
            return 500, {"content-type": "application/json"}, b'{"message":"Internal Server Error"}'
        body = reply.get("body") or ""
        content = base64.b64decode(body) if reply.get("isBase64Encoded") else body.encode()
        return reply["statusCode"], reply.get("headers", {}), content

    def _handler(api):
        class Handler(PromptHandler):
            def handle_any(self):
                fields: dict[str, str] = {}
                for name, value in self.headers.items():
                    name = name.lower()
                    # Several fields of one name are one, as in any list of HTTP.
                    text = value.encode("latin-1", "replace").decode("utf-8", "replace")
                    fields[name] = f"{fields[name]},{text}" if name in fields else text
                body = self.body(fields)
                for name in FIELDS_OF_THE_CONNECTION:
                    fields.pop(name, None)
                status, answered, content = api.answer(api.event(self.command, self.path, fields, body))
                self.send_response(status)
                for name, value in answered.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def body(self, fields: dict) -> bytes:
                if "chunked" not in fields.get("transfer-encoding", ""):
                    return self.rfile.read(int(fields.get("content-length", 0)))
                parts = []
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    parts.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(parts)

            def __getattr__(self, name):
                if name.startswith("do_"):
                    return self.handle_any
                raise AttributeError(name)

        return Handler
