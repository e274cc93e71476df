"""Proxies that stand between a writer and the servers: one adds a delay to every request and records waves, one applies
a fault to the k-th request. Both pass bytes on as they are, so that signatures stay valid."""

import queue
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


class DelayProxy(Proxy):
    """Adds `delay` seconds to every request: its bytes reach the server no earlier than that long after its first one
    came. Replies are not held back, and requests on other connections do not wait for one another."""

    def __init__(self, service: str, endpoint: str, recorder: Recorder, delay: float = 0.020):
        self.recorder = recorder
        self.delay = delay
        super().__init__(service, endpoint)

    def serve(self, connection: socket.socket, upstream: socket.socket):
        number = self.recorder.connected()
        held: queue.SimpleQueue = queue.SimpleQueue()
        begun: list[Request] = []
        replies = MessageScanner(of_responses=True)
        threading.Thread(target=self._release, args=(held, upstream), daemon=True).start()
        threading.Thread(target=self._answer, args=(connection, upstream, replies, begun), daemon=True).start()
        scanner = MessageScanner()
        first_byte = None
        try:
            while data := connection.recv(CHUNK):
                now = time.monotonic()
                if scanner.is_idle:
                    first_byte = now
                held.put((first_byte + self.delay, data))
                had_begun = scanner.head is not None
                ended = scanner.feed(data)
                heads = [head for head, _, _ in ended] + ([scanner.head] if scanner.head else [])
                for head in heads[1:] if had_begun else heads:
                    request = Request(self.service, number, operation_of(head), first_byte)
                    replies.methods.append(head.method)
                    begun.append(request)
                    self.recorder.began(request)
        finally:
            held.put(None)

    def _release(self, held: queue.SimpleQueue, upstream: socket.socket):
        try:
            while item := held.get():
                due, data = item
                if (wait := due - time.monotonic()) > 0:
                    time.sleep(wait)
                upstream.sendall(data)
            upstream.shutdown(socket.SHUT_WR)
        except OSError:
            close(upstream)

    def _answer(self, connection: socket.socket, upstream: socket.socket, replies: MessageScanner, begun: list[Request]):
        try:
            while data := upstream.recv(CHUNK):
                now = time.monotonic()
                for head, _, _ in replies.feed(data):
                    if head.status >= 200:
                        request = begun.pop(0)
                        request.status = head.status
                        request.ended = now
                connection.sendall(data)
        except OSError:
            pass
        for request in begun:
            request.ended = time.monotonic()
        close(connection)


FAULTS = (
    "refused", "reset before the reply", "reset after the server acted", "internal error", "slow down", "throttled",
    "no answer", "no answer after the server acted", "truncated body", "wrong content type", "expired credentials",
)  # fmt: skip
# The server did what it was asked although the writer cannot know it.
ACTING_FAULTS = ("reset after the server acted", "no answer after the server acted", "truncated body", "wrong content type")


class FaultPlan:
    """Counts requests over several fault proxies and says which of them fails, how, and whether those like it fail too
    until `heal`. Without a fault it only counts."""

    def __init__(self):
        self.lock = threading.Lock()
        self.proxies: list[FaultProxy] = []
        self.begin()

    def begin(self, fault: str | None = None, at: int = 0, is_lasting: bool = False):
        """Starts to count anew; the request with this number, from 1, meets the fault."""
        with self.lock:
            self.fault, self.at, self.is_lasting = fault, at, is_lasting
            self.requests: list[Request] = []
            self.count = 0
            self.struck: Request | None = None
            self.is_healed = threading.Event()

    def heal(self):
        """From now on everything works, and whoever waited for an answer is cut off."""
        with self.lock:
            self.fault = None
            self.is_healed.set()
            proxies = list(self.proxies)
        for proxy in proxies:
            proxy.listen_again()

    def meet(self, request: Request) -> str | None:
        """Notes a request, and the fault that it meets."""
        with self.lock:
            self.requests.append(request)
            self.count += 1
            is_like = self.struck is not None and (request.service, request.operation) == (
                self.struck.service, self.struck.operation)  # fmt: skip
            if self.fault and (self.count == self.at or (self.is_lasting and is_like)):
                self.struck = self.struck or request
                request.fault = self.fault
            return request.fault


class FaultProxy(Proxy):
    """Passes requests to a server and applies the plan's faults. `service` is "s3", "glue" or "rest", which decides how
    an error of the server looks; operations of S3 and REST are compared by method and path."""

    REFUSED_SECONDS = 0.15

    def __init__(self, service: str, endpoint: str, plan: FaultPlan):
        self.plan = plan
        self.listening = threading.RLock()
        self.is_listening = True
        super().__init__(service, endpoint)
        plan.proxies.append(self)

    def listen_again(self):
        with self.listening:
            if not self.is_listening and self.is_running:
                self.listen()
                self.is_listening = True

    def refuse(self):
        """Refuses connections until the plan is healed, or for a moment if only one request is to fail."""
        with self.listening:
            self.stop_listening()
            self.is_listening = False
        if not self.plan.is_lasting:
            threading.Timer(self.REFUSED_SECONDS, self.listen_again).start()

    def serve(self, connection: socket.socket, upstream: socket.socket):
        scanner = MessageScanner()
        while self.is_running and self.is_listening:
            message = self._read(connection, scanner, connection)
            if message is None:
                return
            head, head_bytes, body = message
            request = Request(self.service, id(connection), operation_of(head), time.monotonic())
            fault = self.plan.meet(request)
            goes_on = self._apply(fault, request, connection, upstream, head, head_bytes + body)
            request.ended = time.monotonic()
            if not goes_on:
                return

    def _read(self, source: socket.socket, scanner: MessageScanner, continues: socket.socket | None = None):
        """The next whole message, or None at the end of the connection; asks for a body that waits to be asked for."""
        is_asked = False
        while True:
            data = source.recv(CHUNK)
            if not data:
                return None
            messages = [message for message in scanner.feed(data) if continues or message[0].status >= 200]
            if messages:
                return messages[0]
            if continues and scanner.head and not is_asked and "expect" in scanner.head.fields:
                continues.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                is_asked = True

    def _apply(self, fault, request: Request, connection, upstream, head: Head, data: bytes) -> bool:
        """Whether the connection goes on."""
        if fault == "refused":
            self.refuse()
            close(connection, with_reset=True)
            return False
        if fault == "reset before the reply":
            close(connection, with_reset=True)
            return False
        if fault == "no answer":
            self.plan.is_healed.wait(60)
            return False
        if fault in ("internal error", "slow down", "throttled", "expired credentials"):
            request.status, refusal = error_reply(self.service, fault, head)
            connection.sendall(refusal)
            return True
        upstream.sendall(data)
        replies = MessageScanner(of_responses=True)
        replies.methods.append(head.method)
        answer = self._read(upstream, replies)
        if answer is None:
            return False
        reply_head, reply_head_bytes, body = answer
        request.status = reply_head.status
        if fault == "reset after the server acted":
            close(connection, with_reset=True)
            return False
        if fault == "no answer after the server acted":
            self.plan.is_healed.wait(60)
            return False
        if fault == "truncated body":
            # Where there is no body, one is announced that never comes; bytes of chunks are cut as they stand.
            if not body:
                reply_head_bytes = announcing(64, reply_head_bytes)
            connection.sendall(reply_head_bytes + body[: len(body) // 2])
            return False
        if fault == "wrong content type":
            connection.sendall(reply(200, "text/html", b"<html><body>Please log in</body></html>", {}))
            return True
        connection.sendall(reply_head_bytes + body)
        return reply_head.fields.get("connection", "").lower() != "close"
