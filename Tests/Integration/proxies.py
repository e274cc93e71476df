"""What stands between a writer and the servers: a record of requests and their waves, and what proxies share. Bytes are
passed on as they are, so that signatures stay valid; delay_proxy.py and fault_proxies.py hold the proxies."""

import socket
import struct
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from fault_replies import announcing, error_reply, reply
from http_messages import Head, MessageScanner

CHUNK = 1 << 18


@dataclass
class Request:
    """One request as a proxy saw it; times in seconds of the monotonic clock."""

    service: str
    connection: int
    operation: str
    started: float
    ended: float | None = None
    status: int | None = None
    fault: str | None = None

    def __str__(self):
        length = "not answered" if self.ended is None else f"{(self.ended - self.started) * 1000:.1f} ms"
        fault = f" [{self.fault}]" if self.fault else ""
        return f"{self.service} {self.operation} → {self.status} in {length} on connection {self.connection}{fault}"


def operation_of(head: Head) -> str:
    """What a request asks for: the operation of an AWS JSON service, else method and path."""
    target = head.fields.get("x-amz-target")
    return target.split(".")[-1] if target else f"{head.method} {head.target}"


class Recorder:
    """What several proxies saw, on one clock."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests: list[Request] = []
        self.connections = 0

    def clear(self):
        with self.lock:
            self.requests = []

    def connected(self) -> int:
        with self.lock:
            self.connections += 1
            return self.connections

    def began(self, request: Request):
        with self.lock:
            self.requests.append(request)

    def settled(self, seconds: float = 5) -> list[Request]:
        """The requests in the order in which they began, once all of them are answered and no more come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self.lock:
                count, is_whole = len(self.requests), all(request.ended for request in self.requests)
            time.sleep(0.02)
            with self.lock:
                if is_whole and count == len(self.requests):
                    break
        with self.lock:
            return sorted(self.requests, key=lambda request: request.started)


def waves(requests: list[Request]) -> list[list[Request]]:
    """The requests grouped into waves. A wave is a maximal set of requests each of which began before any reply of the
    set was complete; the first request that begins after a reply of its wave opens the next one. The number of waves is
    therefore the longest chain of requests that followed one another, each begun after the one before was answered:
    what latency multiplies."""
    found: list[list[Request]] = []
    earliest = float("-inf")
    for request in sorted(requests, key=lambda request: request.started):
        ended = float("inf") if request.ended is None else request.ended
        if request.started >= earliest:
            found.append([])
            earliest = float("inf")
        found[-1].append(request)
        earliest = min(earliest, ended)
    return found


def elapsed_ms(requests: list[Request]) -> float:
    """From the first byte of the first request to the last byte of the last reply."""
    return (max(r.ended for r in requests) - min(r.started for r in requests)) * 1000


class Proxy:
    """Listens on a free loopback port and hands each connection to `serve` on a thread of its own."""

    def __init__(self, service: str, endpoint: str):
        self.service = service
        self.upstream = (urlsplit(endpoint).hostname, urlsplit(endpoint).port)
        self.is_running = True
        self.port = 0
        self.open: set[socket.socket] = set()
        self.listen()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.is_running = False
        self.stop_listening()
        for connection in list(self.open):
            close(connection)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def listen(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)
        self.listener = listener
        self.port = listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def stop_listening(self):
        """From now on connections are refused."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()

    def serve(self, connection: socket.socket, upstream: socket.socket):
        raise NotImplementedError

    def _accept(self, listener: socket.socket):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket):
        try:
            upstream = socket.create_connection(self.upstream)
        except OSError:
            close(connection)
            return
        for end in (connection, upstream):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.open.add(end)
        try:
            self.serve(connection, upstream)
        except OSError:
            pass  # one side went away
        finally:
            for end in (connection, upstream):
                close(end)
                self.open.discard(end)


def close(connection: socket.socket, with_reset: bool = False):
    """Closes a connection for good, also under a thread that reads from it; with a reset, unread bytes are lost."""
    try:
        if with_reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()
