"""A stub of a Kafka broker that reads real frames: TLS and SASL as a cluster has them, and topics that live in memory.

It is one broker of one cluster. It authenticates with SCRAM or MSK's tokens, gives sessions a lifetime, keeps topics that are
created, and refuses what a test tells it to refuse. It keeps no records.
"""

import socket
import ssl
import threading
import time

from kafka_frames import Reader, array, data, number, text
from sasl_exchanges import MSKBearer, Refused, Scram

METADATA, SASL_HANDSHAKE, API_VERSIONS, CREATE_TOPICS, DESCRIBE_CONFIGS, SASL_AUTHENTICATE, CREATE_PARTITIONS = 3, 17, 18, 19, 32, 36, 37
# No version is flexible, but for ApiVersions 3.
VERSIONS = {METADATA: (0, 4), SASL_HANDSHAKE: (0, 1), API_VERSIONS: (0, 3), CREATE_TOPICS: (0, 4), DESCRIBE_CONFIGS: (0, 1),
            SASL_AUTHENTICATE: (0, 1), CREATE_PARTITIONS: (0, 1)}  # fmt: skip
UNKNOWN_TOPIC, TOPIC_DENIED, CLUSTER_DENIED, UNSUPPORTED_MECHANISM, ILLEGAL_STATE = 3, 29, 31, 33, 34
UNSUPPORTED_VERSION, TOPIC_EXISTS, INVALID_PARTITIONS, INVALID_REPLICATION, AUTHENTICATION_FAILED = 35, 36, 37, 38, 58
DAY_MS = 86_400_000


class SaslBroker:
    """The broker, until the context ends.

    `certificate`: file with key and certificate for TLS. `passwords`: of SCRAM users; `secrets`: of access keys, for MSK's
    tokens; neither for no authentication. `lifetime_ms`: of a session. `denied`: names of topics, or the word `cluster`.
    """

    def __init__(self, certificate=None, passwords=None, secrets=None, region="eu-west-1", lifetime_ms=0, denied=(), host="localhost"):
        self.passwords, self.secrets, self.region = passwords, secrets, region
        self.lifetime_ms, self.denied, self.host = lifetime_ms, set(denied), host
        self.topics: dict[str, dict] = {}
        self.events: list[dict] = []
        self.faults: list[BaseException] = []
        self.sockets: list[socket.socket] = []
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.address = f"{host}:{self.port}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind, *_):
        self.listener.close()
        for connection in self.sockets:
            connection.close()
        # What the broker could not read fails the test, unless that failed already.
        if kind is None and self.faults:
            raise self.faults[0]

    @property
    def mechanisms(self) -> list[str]:
        return (["OAUTHBEARER"] if self.secrets else []) + (["SCRAM-SHA-256", "SCRAM-SHA-512"] if self.passwords else [])

    def seen(self, kind: str) -> list[dict]:
        return [event for event in list(self.events) if event["kind"] == kind]

    def note(self, kind: str, **members):
        self.events.append({"kind": kind, "at": time.time(), **members})

    def add(self, name: str, partitions: int, replication: int = 1, **configs):
        self.topics[name] = {"partitions": partitions, "replication": replication, "configs": {"retention.ms": str(7 * DAY_MS)} | configs}

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.sockets.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
                self.sockets.append(connection)
        except (ssl.SSLError, OSError) as error:
            self.note("tls-refused", error=str(error))
            return
        try:
            Connection(self, connection).serve()
        except (OSError, EOFError):
            pass
        except BaseException as error:  # noqa: BLE001 - shown by the test's own thread
            self.faults.append(error)
        finally:
            connection.close()


class Connection:
    """One client's connection: authenticates first, if the broker wants that, and then answers."""

    def __init__(self, broker: SaslBroker, connection: socket.socket):
        self.broker, self.socket = broker, connection
        self.exchange = None
        self.ends = None
        self.is_open = not broker.mechanisms

    def serve(self):
        while True:
            frame = Reader(self._exactly(int.from_bytes(self._exactly(4), "big")))
            key, version, correlation = frame.number("h"), frame.number("h"), frame.number("i")
            frame.text()
            body, goes_on = self._answer(key, version, frame)
            self.socket.sendall(data(number("i", correlation) + body))
            if not goes_on:
                return

    def _exactly(self, count: int) -> bytes:
        assert count < 1 << 20, "the frame is too long"
        got = b""
        while len(got) < count:
            part = self.socket.recv(count - len(got))
            if not part:
                raise EOFError
            got += part
        return got

    def _answer(self, key: int, version: int, frame: Reader) -> tuple[bytes, bool]:
        if key == API_VERSIONS:
            return self._versions(version), True
        low, high = VERSIONS.get(key, (0, -1))
        assert low <= version <= high, f"version {version} of API {key} was not offered"
        if key == SASL_HANDSHAKE:
            return self._handshake(frame), True
        if key == SASL_AUTHENTICATE:
            return self._authenticate(version, frame)
        assert self.is_open, f"API {key} before authentication"
        if self.ends and time.time() > self.ends:
            self.broker.note("session-expired")
            raise EOFError
        answers = {METADATA: self._metadata, CREATE_TOPICS: self._create, DESCRIBE_CONFIGS: self._configs, CREATE_PARTITIONS: self._grow}
        return answers[key](version, frame), True

    def _versions(self, version: int) -> bytes:
        if version > 3:
            return number("h", UNSUPPORTED_VERSION) + number("i", 0)
        rows = [number("h", key) + number("h", low) + number("h", high) for key, (low, high) in VERSIONS.items()]
        if version < 3:
            return number("h", 0) + array(rows) + (number("i", 0) if version else b"")
        return number("h", 0) + bytes([len(rows) + 1]) + b"".join(row + b"\0" for row in rows) + number("i", 0) + b"\0"

    # MARK: SASL

    def _handshake(self, frame: Reader) -> bytes:
        mechanism = frame.text()
        known = self.broker.mechanisms
        self.broker.note("handshake", mechanism=mechanism, again=self.is_open)
        if mechanism not in known:
            return number("h", UNSUPPORTED_MECHANISM) + array([text(name) for name in known])
        self.is_again = self.is_open
        bearer = mechanism == "OAUTHBEARER"
        self.exchange = MSKBearer(self.broker.secrets, self.broker.region) if bearer else Scram(mechanism, self.broker.passwords)
        return number("h", 0) + array([text(name) for name in known])

    def _authenticate(self, version: int, frame: Reader) -> tuple[bytes, bool]:
        lifetime = self.broker.lifetime_ms
        tail = (lambda ms: number("q", ms)) if version >= 1 else (lambda _: b"")
        if self.exchange is None:
            return number("h", ILLEGAL_STATE) + text("no handshake") + data(b"") + tail(0), False
        try:
            reply = self.exchange.answer(frame.bytes())
        except Refused as refusal:
            self.broker.note("refused", name=self.exchange.name, why=str(refusal))
            return number("h", AUTHENTICATION_FAILED) + text(str(refusal)) + data(b"") + tail(0), False
        if self.exchange.is_done:
            self.is_open = True
            self.ends = time.time() + lifetime / 1000 if lifetime else None
            token = getattr(self.exchange, "token", None)
            self.broker.note("authenticated", name=self.exchange.name, again=self.is_again, token=token, version=version)
            self.exchange = None
        return number("h", 0) + text(None) + data(reply) + tail(lifetime), True

    # MARK: Topics

    def _metadata(self, version: int, frame: Reader) -> bytes:
        names = frame.array(Reader.text)
        may_create = version < 4 or bool(frame.number("b"))
        self.broker.note("metadata", topics=names, may_create=may_create)
        if names is None or (version == 0 and not names):
            names = [name for name in self.broker.topics if name not in self.broker.denied]
        broker = number("i", 1) + text(self.broker.host) + number("i", self.broker.port) + (text(None) if version >= 1 else b"")
        reply = (number("i", 0) if version >= 3 else b"") + array([broker])
        reply += (text("stub") if version >= 2 else b"") + (number("i", 1) if version >= 1 else b"")
        return reply + array([self._topic(name, version) for name in names])

    def _topic(self, name: str, version: int) -> bytes:
        topic = self.broker.topics.get(name)
        code = TOPIC_DENIED if name in self.broker.denied else 0 if topic else UNKNOWN_TOPIC
        partitions = []
        if code == 0:
            copies = array([number("i", 1)] * topic["replication"])
            partitions = [number("h", 0) + number("i", index) + number("i", 1) + copies + copies for index in range(topic["partitions"])]
        return number("h", code) + text(name) + (number("b", 0) if version >= 1 else b"") + array(partitions)

    def _create(self, version: int, frame: Reader) -> bytes:
        def assignment(reader):
            return reader.number("i"), reader.array(lambda inner: inner.number("i"))

        def topic(reader):
            return {"name": reader.text(), "partitions": reader.number("i"), "replication": reader.number("h"),
                    "assignments": reader.array(assignment),
                    "configs": dict(reader.array(lambda inner: (inner.text(), inner.text())))}  # fmt: skip

        topics = frame.array(topic)
        frame.number("i")
        only_checks = version >= 1 and bool(frame.number("b"))
        rows = []
        for wanted in topics:
            self.broker.note("create", **wanted)
            code, why = self._creation(wanted)
            if code == 0 and not only_checks:
                replication = 1 if wanted["replication"] == -1 else wanted["replication"]
                self.broker.add(wanted["name"], wanted["partitions"], replication, **wanted["configs"])
            rows.append(text(wanted["name"]) + number("h", code) + (text(why) if version >= 1 else b""))
        return (number("i", 0) if version >= 2 else b"") + array(rows)

    def _creation(self, wanted: dict) -> tuple[int, str | None]:
        if wanted["name"] in self.broker.denied:
            return TOPIC_DENIED, "Authorization failed."
        if "cluster" in self.broker.denied:
            return CLUSTER_DENIED, "Authorization failed."
        if wanted["name"] in self.broker.topics:
            return TOPIC_EXISTS, f"Topic '{wanted['name']}' already exists."
        if wanted["replication"] > 1:
            return INVALID_REPLICATION, f"Replication factor: {wanted['replication']} larger than available brokers: 1."
        return 0, None

    def _configs(self, version: int, frame: Reader) -> bytes:
        resources = frame.array(lambda reader: (reader.number("b"), reader.text(), reader.array(Reader.text)))
        rows = []
        for kind, name, wanted in resources:
            self.broker.note("configs", name=name, wanted=wanted)
            denied = name in self.broker.denied or "configs" in self.broker.denied
            code = TOPIC_DENIED if denied else 0 if name in self.broker.topics else UNKNOWN_TOPIC
            entries = []
            for entry, value in (self.broker.topics[name]["configs"] if code == 0 else {}).items():
                source = number("b", 1) + number("b", 0) + array([]) if version >= 1 else number("b", 0) + number("b", 0)
                entries.append(text(entry) + text(value) + number("b", 0) + source)
            rows.append(number("h", code) + text("Authorization failed." if denied else None) + number("b", kind) + text(name) + array(entries))
        return number("i", 0) + array(rows)

    def _grow(self, version: int, frame: Reader) -> bytes:
        def assignment(reader):
            return reader.array(lambda inner: inner.number("i"))

        topics = frame.array(lambda reader: (reader.text(), reader.number("i"), reader.array(assignment)))
        rows = []
        for name, count, _ in topics:
            self.broker.note("grow", name=name, count=count)
            topic = self.broker.topics.get(name)
            if name in self.broker.denied or "grow" in self.broker.denied:
                code, why = TOPIC_DENIED, "Authorization failed."
            elif topic is None:
                code, why = UNKNOWN_TOPIC, None
            elif count <= topic["partitions"]:
                code, why = INVALID_PARTITIONS, f"Topic already has {topic['partitions']} partitions."
            else:
                topic["partitions"], code, why = count, 0, None
            rows.append(text(name) + number("h", code) + text(why))
        return number("i", 0) + array(rows)
