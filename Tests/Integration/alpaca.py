"""An Alpaca on loopback: latest bars in the shape that the real one has, and what may come in their place."""

import threading
import time
from urllib.parse import unquote

from scripted_server import Reply, ScriptedServer, Seen

KEY_ID = "PK7Q2EXAMPLEKEYID"
SECRET_KEY = "wQ9-the-secret-key-of-alpaca"
HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>proxy</body></html>"
PATH = "/v1beta3/crypto/us/latest/bars?symbols="


def bar(time_text: str, close: str) -> str:
    """One bar as text, with numbers that no reader of doubles would write again as they stand."""
    return (
        f'{{"c":{close},"h":5.80100e4, "l":57990.50,"n":7,"o":58000.10,"t":"{time_text}","v":0.42000000000000000001,'
        f'"vw":58001.3,"new":{{"of":["later",null,1E2]}}}}'
    )


def bars(by_symbol: dict[str, str]) -> Reply:
    """A reply of bars, each as text."""
    members = ",".join(f'"{symbol}":{text}' for symbol, text in by_symbol.items())
    return Reply(body=f'{{"bars":{{{members}}}}}\n'.encode(), fields={"Content-Type": "application/json; charset=UTF-8"})


class Alpaca(ScriptedServer):
    """Answers with the replies in turn, the last one for ever; a number among them is seconds of silence, in which a
    request may be given up. With `key`, a pair, a request with another is turned away, and so is one with any key if
    there is none. `times` holds when each request came, in seconds since the epoch."""

    def __init__(self, *replies, key: tuple[str, str] | None = None):
        self.script = list(replies)
        self.key = key
        self.times: list[float] = []
        self.closing = threading.Event()
        super().__init__()

    def __exit__(self, *_):
        self.closing.set()
        super().__exit__()

    def next(self, seen: Seen) -> Reply:
        with self.lock:
            self.seen.append(seen)
            self.times.append(time.time())
            reply = self.reply(seen)
        if isinstance(reply, Reply):
            return reply
        self.closing.wait(reply)
        return Reply(0)

    def reply(self, seen: Seen):
        given = (seen.fields.get("apca-api-key-id"), seen.fields.get("apca-api-secret-key"))
        if given != (self.key or (None, None)):
            text = '{"code":"%s","message":"forbidden: %s %s"}' % (given[0], *given)
            return Reply(403, text.encode(), {"Content-Type": "application/json"})
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def check(self, symbols: list[str]):
        """Every request that came was asked exactly so."""
        for seen in self.seen:
            assert seen.method == "GET" and seen.body == b""
            assert seen.path == PATH + ",".join(symbol.replace("/", "%2F") for symbol in symbols), seen.path
            assert unquote(seen.path.removeprefix(PATH)).split(",") == symbols
            assert seen.fields["accept"] == "application/json" and "authorization" not in seen.fields
