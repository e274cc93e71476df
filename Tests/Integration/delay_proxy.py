"""A proxy that lengthens the way of every request, as a network would, and records what passed."""

import select
import socket
import threading
import time
from collections import deque

from http_messages import MessageScanner
from proxies import CHUNK, Proxy, Recorder, Request, close, operation_of


class DelayProxy(Proxy):
    """Adds `delay` seconds to every request: its bytes reach the server no earlier than that long after its first one
    came. Replies are not held back, and requests on other connections do not wait for one another."""

    def __init__(self, service: str, endpoint: str, recorder: Recorder, delay: float = 0.020):
        self.recorder = recorder
        self.delay = delay
        super().__init__(service, endpoint)

    def serve(self, connection: socket.socket, upstream: socket.socket):
        delayed = _Connection(self, connection, upstream)
        _Line.shared().add(delayed)
        delayed.is_over.wait()


class _Connection:
    """One connection of a writer, and the one that the proxy has with the server for it."""

    def __init__(self, proxy: DelayProxy, connection: socket.socket, upstream: socket.socket):
        self.proxy, self.connection, self.upstream = proxy, connection, upstream
        self.number = proxy.recorder.connected()
        self.requests, self.replies = MessageScanner(), MessageScanner(of_responses=True)
        self.begun: deque[Request] = deque()
        # What the server is to be sent, and when.
        self.held: deque[tuple[float, bytes]] = deque()
        self.first_byte = 0.0
        self.takes_requests = True
        self.is_over = threading.Event()

    def sources(self) -> list[socket.socket]:
        return [self.connection, self.upstream] if self.takes_requests else [self.upstream]

    def take(self):
        """Bytes of the writer: to be held, and a request where one begins."""
        data, now = self.connection.recv(CHUNK), time.monotonic()
        if not data:
            self.takes_requests = False
            self.held.append((now + self.proxy.delay, b""))
            return
        if self.requests.is_idle:
            self.first_byte = now
        self.held.append((self.first_byte + self.proxy.delay, data))
        had_begun = self.requests.head is not None
        ended = self.requests.feed(data)
        heads = [head for head, _, _ in ended] + ([self.requests.head] if self.requests.head else [])
        for head in heads[1:] if had_begun else heads:
            request = Request(self.proxy.service, self.number, operation_of(head), self.first_byte)
            self.replies.methods.append(head.method)
            self.begun.append(request)
            self.proxy.recorder.began(request)

    def release(self, now: float):
        """Hands on what has been held long enough."""
        while self.held and self.held[0][0] <= now:
            _, data = self.held.popleft()
            if data:
                self.upstream.sendall(data)
            else:
                self.upstream.shutdown(socket.SHUT_WR)

    def answer(self):
        """Bytes of the server: at once to the writer, and the end of a request where its reply is whole."""
        data, now = self.upstream.recv(CHUNK), time.monotonic()
        if not data:
            self.end()
            return
        for head, _, _ in self.replies.feed(data):
            if head.status >= 200 and self.begun:
                request = self.begun.popleft()
                request.status, request.ended = head.status, now
        self.connection.sendall(data)

    def end(self):
        for request in self.begun:
            request.ended = time.monotonic()
        close(self.connection)
        close(self.upstream)
        self.is_over.set()


class _Line:
    """Moves the bytes of all delayed connections on one thread, which sleeps to the microsecond: threads that hand over
    to one another would add what they measure."""

    one: "_Line | None" = None

    @classmethod
    def shared(cls) -> "_Line":
        if cls.one is None:
            cls.one = _Line()
        return cls.one

    def __init__(self):
        self.added: deque[_Connection] = deque()
        self.connections: list[_Connection] = []
        self.woken, self.waker = socket.socketpair()
        threading.Thread(target=self._run, daemon=True).start()

    def add(self, connection: _Connection):
        self.added.append(connection)
        self.waker.send(b".")

    def _run(self):
        while True:
            due = min((c.held[0][0] for c in self.connections if c.held), default=None)
            wait = None if due is None else max(0.0, due - time.monotonic())
            sources = {source: c for c in self.connections for source in c.sources()}
            try:
                ready, _, _ = select.select([self.woken, *sources], [], [], wait)
            except (OSError, ValueError):
                ready = []  # a connection was closed from outside: it is found below
            if self.woken in ready:
                self.woken.recv(1 << 10)
            while self.added:
                self.connections.append(self.added.popleft())
            for connection in list(self.connections):
                self._move(connection, ready)
            self.connections = [c for c in self.connections if not c.is_over.is_set()]

    @staticmethod
    def _move(connection: _Connection, ready: list):
        try:
            if connection.connection.fileno() < 0 or connection.upstream.fileno() < 0:
                connection.end()
                return
            connection.release(time.monotonic())
            if connection.connection in ready:
                connection.take()
            if connection.upstream in ready:
                connection.answer()
        except OSError:
            connection.end()
