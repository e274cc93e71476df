"""Kafka's wire format, as far as the stub broker reads and writes it: the versions before flexible ones."""

import struct


class Reader:
    """Reads a request's fields in turn."""

    def __init__(self, data: bytes):
        self.data = data
        self.place = 0

    def take(self, count: int) -> bytes:
        assert 0 <= count <= len(self.data) - self.place, "the frame is cut short"
        self.place += count
        return self.data[self.place - count : self.place]

    def number(self, form: str) -> int:
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]

    def text(self) -> str | None:
        length = self.number("h")
        return None if length < 0 else self.take(length).decode()

    def bytes(self) -> bytes | None:
        length = self.number("i")
        return None if length < 0 else self.take(length)

    def array(self, element) -> list | None:
        count = self.number("i")
        return None if count < 0 else [element(self) for _ in range(count)]


def number(form: str, value: int) -> bytes:
    return struct.pack(">" + form, value)


def text(value: str | None) -> bytes:
    return number("h", -1) if value is None else number("h", len(value.encode())) + value.encode()


def data(value: bytes) -> bytes:
    return number("i", len(value)) + value


def array(elements: list[bytes]) -> bytes:
    return number("i", len(elements)) + b"".join(elements)
