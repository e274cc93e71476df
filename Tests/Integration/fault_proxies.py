"""A proxy that applies a fault to the k-th request of a writer, and passes the others on as they are."""

import socket
import threading
import time

from fault_replies import announcing, error_reply, reply
from http_messages import Head, MessageScanner
from proxies import CHUNK, Proxy, Request, close, operation_of

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

    # Retries wait a random time from nothing to 100, 200 and 400 ms: all three within this are as good as impossible.
    REFUSED_SECONDS = 0.02

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
