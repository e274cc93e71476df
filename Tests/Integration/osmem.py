"""osmem-server: an emulator of OpenSearch with real `_bulk`, external versions, mappings, searches and aggregations."""

import importlib.util
import json
from pathlib import Path
from urllib.parse import quote

from servers import ServerProcess, answer, free_ports


class Osmem(ServerProcess):
    def __init__(self):
        found = importlib.util.find_spec("osmem_server")
        assert found, "osmem-server is missing: pip install -r Tests/requirements.txt"
        program = Path(found.origin).parent / "bin" / "osmem-server"
        (self.port,) = free_ports(1)
        super().__init__("osmem", [str(program), "-addr", f"127.0.0.1:{self.port}", "-no-stdin-watch"])
        self.wait_until(lambda: answer(self.port, "GET", "/")[0] == 200, "osmem-server")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, body=None):
        text = None if body is None else json.dumps(body).encode()
        status, reply = answer(self.port, method, path, text, {"content-type": "application/json"})
        return status, json.loads(reply) if reply else None

    def clear(self, index: str = "crypto_quote"):
        for path in (f"/{index}", f"/_index_template/{index}"):
            assert self.call("DELETE", path)[0] in (200, 404)

    def search(self, body: dict, index: str = "crypto_quote") -> dict:
        assert self.call("POST", f"/{index}/_refresh")[0] == 200
        status, reply = self.call("POST", f"/{index}/_search", body)
        assert status == 200, reply
        return reply

    def documents(self, index: str = "crypto_quote") -> dict[str, dict]:
        """Every document by its id."""
        hits = self.search({"size": 10_000, "query": {"match_all": {}}}, index)["hits"]
        assert hits["total"]["value"] == len(hits["hits"]) < 10_000
        return {hit["_id"]: hit["_source"] for hit in hits["hits"]}

    def document(self, name: str, index: str = "crypto_quote") -> dict:
        status, reply = self.call("GET", f"/{index}/_doc/{quote(name, safe='')}")
        assert status == 200, reply
        return reply
