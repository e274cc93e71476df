"""A CoinAPI on loopback: the list of logos in the shape that the real one has, and what may come in its place."""

import json
import time

from scripted_server import Reply, ScriptedServer, Seen

KEY = "73034021-THE-KEY-5D7B"
HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>proxy</body></html>"


def icons(count: int, first: int = 0) -> list[dict]:
    """Entries as CoinAPI gives them."""
    address = "https://s3.eu-central-1.amazonaws.com/bbxt-static-icons/type-id/png_32"
    return [
        {"exchange_id": None, "asset_id": f"A{number}", "url": f"{address}/{number:032x}.png"}
        for number in range(first, first + count)
    ]


def listed(entries) -> Reply:
    return Reply(body=json.dumps(entries).encode(), fields={"Content-Type": "application/json; charset=utf-8"})


class CoinAPI(ScriptedServer):
    """Answers with the replies in turn, the last one for ever. A request with another key than `KEY` is turned away, a
    number among the replies is seconds to wait before the next one, and `times` holds when each request came."""

    def __init__(self, *replies, key: str = KEY):
        self.script = list(replies)
        self.key = key
        self.times: list[float] = []
        super().__init__()

    def next(self, seen: Seen) -> Reply:
        with self.lock:
            self.seen.append(seen)
            self.times.append(time.monotonic())
            reply = self.reply(seen)
        if isinstance(reply, Reply):
            return reply
        time.sleep(reply)
        with self.lock:
            reply = self.reply(seen)
        return reply if isinstance(reply, Reply) else Reply(0)

    def reply(self, seen: Seen):
        if seen.fields.get("x-coinapi-key") != self.key:
            body = json.dumps({"error": f"Invalid API key {seen.fields.get('x-coinapi-key')}"}).encode()
            return Reply(401, body, {"Content-Type": "application/json"})
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]
