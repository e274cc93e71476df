"""A server on loopback that answers as a test says, and remembers what it was asked."""

import threading
from dataclasses import dataclass, field

from local_server import LocalServer, PromptHandler, QuietServer


@dataclass
class Reply:
    """A reply; one with status 0 ends the connection instead."""

    status: int = 200
    body: bytes = b"{}"
    fields: dict = field(default_factory=dict)


@dataclass
class Seen:
    """A request that came."""

    method: str
    path: str
    fields: dict
    body: bytes


class ScriptedServer(LocalServer):
    """Answers with the replies in turn, the last one for ever; or with what a function makes of the request."""

    def __init__(self, *replies: Reply, answer=None):
        self.replies = list(replies)
        self.answer = answer
        self.seen: list[Seen] = []
        self.lock = threading.Lock()
        script = self

        class Handler(PromptHandler):
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                seen = Seen(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                reply = script.next(seen)
                if reply.status == 0:
                    self.close_connection = True
                    return
                self.send_response_only(reply.status)
                for name, value in reply.fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(reply.body)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

        self.serve(QuietServer(("127.0.0.1", 0), Handler))

    def next(self, seen: Seen) -> Reply:
        with self.lock:
            self.seen.append(seen)
            if self.answer:
                return self.answer(seen)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
