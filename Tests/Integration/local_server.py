"""HTTP servers on loopback that live as long as a test needs them."""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class QuietErrors:
    """Lets a server pass over clients that go away in the middle, such as functions that are killed."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class QuietServer(QuietErrors, ThreadingHTTPServer):
    """A thread for each connection."""


class PromptHandler(BaseHTTPRequestHandler):
    """Answers at once on connections that stay open, and logs nothing."""

    protocol_version = "HTTP/1.1"
    # A body leaves behind its head in a packet of its own, which would wait 40 ms for a delayed acknowledgement.
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass


class LocalServer:
    """What is served on a port of its own from `serve` on, until the `with` of it ends."""

    def serve(self, server):
        self.server = server
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"
