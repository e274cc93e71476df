"""Finds where HTTP/1.1 messages begin and end in a stream of bytes, for proxies that pass the bytes on as they are."""

from dataclasses import dataclass, field


@dataclass
class Head:
    """Start line and fields of one message."""

    line: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.line.split(" ")[0]

    @property
    def target(self) -> str:
        return self.line.split(" ")[1]

    @property
    def status(self) -> int:
        return int(self.line.split(" ")[1])


def parse_head(data: bytes) -> Head:
    """A message's head, without the empty line; names of fields in lower case."""
    lines = data.decode("latin-1").split("\r\n")
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    return Head(lines[0], fields)


class MessageScanner:
    """Follows one direction of one connection. `feed` takes what arrived and returns, in order, the messages that ended
    in it, as (head, head's bytes, body's bytes as sent); `head` is the message that has begun, once its head is whole."""

    def __init__(self, of_responses: bool = False):
        self.of_responses = of_responses
        # Methods of the requests whose replies are still to come: a reply to HEAD has no body.
        self.methods: list[str] = []
        self.buffer = b""
        self._start()

    def _start(self):
        self.head: Head | None = None
        self.head_bytes = b""
        self.body = bytearray()
        self.remaining: int | None = None  # None: chunked, or until the end of the connection

    @property
    def is_idle(self) -> bool:
        return self.head is None and not self.buffer

    def feed(self, data: bytes) -> list[tuple[Head, bytes, bytes]]:
        self.buffer += data
        ended = []
        while True:
            if self.head is None and not self._take_head():
                return ended
            if not self._take_body():
                return ended
            ended.append((self.head, self.head_bytes, bytes(self.body)))
            if self.of_responses and self.head.status >= 200 and self.methods:
                self.methods.pop(0)
            self._start()

    def _take_head(self) -> bool:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        self.head_bytes = self.buffer[: end + 4]
        self.head = parse_head(self.buffer[:end])
        self.buffer = self.buffer[end + 4 :]
        self.is_chunked = self.head.fields.get("transfer-encoding", "").lower() == "chunked"
        if self.of_responses:
            is_to_head = bool(self.methods) and self.methods[0] == "HEAD"
            if is_to_head or self.head.status in (204, 304) or self.head.status < 200:
                self.is_chunked, self.remaining = False, 0
                return True
        length = self.head.fields.get("content-length")
        self.is_to_end = self.of_responses and length is None and not self.is_chunked
        self.remaining = None if self.is_chunked or self.is_to_end else int(length or 0)
        return True

    def _take_body(self) -> bool:
        """Whether the body is whole now."""
        if self.remaining is not None:
            taken = self.buffer[: self.remaining]
            self.remaining -= len(taken)
            self.body += taken
            self.buffer = self.buffer[len(taken) :]
            return self.remaining == 0
        if self.is_to_end:
            self.body += self.buffer
            self.buffer = b""
            return False
        while True:
            end = self.buffer.find(b"\r\n")
            if end < 0:
                return False
            size = int(self.buffer[:end].split(b";")[0], 16)
            # The last chunk is followed by trailers and an empty line, each other one by its bytes and a line's end.
            if size == 0:
                last = self.buffer.find(b"\r\n\r\n", end)
                if last < 0:
                    return False
                whole = last + 4
            else:
                whole = end + 2 + size + 2
                if len(self.buffer) < whole:
                    return False
            self.body += self.buffer[:whole]
            self.buffer = self.buffer[whole:]
            if size == 0:
                return True
