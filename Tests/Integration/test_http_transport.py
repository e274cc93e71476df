"""The transport against servers of Python's: TLS right and wrong, the bytes as they arrive, an environment full of traps."""

import base64
import contextlib
import json
import os
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest
from authority import Authority
from support import binary

AMAZON = "s3.eu-test-1.amazonaws.com"


class Server:
    """Answers requests on loopback, each connection on a thread of its own, and remembers them."""

    def __init__(self, certificate: Path | None = None, answer=None, newest=None):
        self.answer = answer or (lambda request: (200, b"%d" % len(request["body"]), "keep"))
        self.requests, self.handshakes, self.resumed, self.refused, self.connections = [], 0, 0, 0, 0
        self.lock = threading.Lock()
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
            if newest:
                self.context.set_ciphers("DEFAULT:@SECLEVEL=0")
                self.context.minimum_version = ssl.TLSVersion.TLSv1
                self.context.maximum_version = newest
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.context:
            try:
                connection = self.context.wrap_socket(connection, server_side=True)
            except OSError:
                with self.lock:
                    self.refused += 1
                connection.close()
                return
            with self.lock:
                self.handshakes += 1
                self.resumed += connection.session_reused
        with contextlib.suppress(OSError):
            self._converse(connection)

    def _converse(self, connection):
        held = bytearray()
        while True:
            while b"\r\n\r\n" not in held:
                piece = connection.recv(65536)
                if not piece:
                    return connection.close()
                held += piece
            head, held = held.split(b"\r\n\r\n", 1)
            length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
            while len(held) < length:
                piece = connection.recv(1 << 20)
                if not piece:
                    return connection.close()
                held += piece
            request = {"head": head.decode(), "body": bytes(held[:length])}
            del held[:length]
            with self.lock:
                self.requests.append(request)
            status, body, then = self.answer(request)
            if then == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                return connection.close()
            connection.sendall(b"HTTP/1.1 %d Text\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))
            if then == "goodbye":
                # TLS's goodbye, and the end of the connection behind it.
                with contextlib.suppress(OSError):
                    connection.settimeout(0.2)
                    connection.unwrap()
                return connection.close()


class Client:
    """The transport in a process of its own."""

    def __init__(self, settings=None, environment=None, hosts: Path | None = None, command=()):
        command = [*command, binary("conformance"), "http", json.dumps(settings or {}, default=str)]
        if hosts:
            script = 'mount --bind "$0" /etc/hosts && exec "$@"'
            command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, str(hosts), *command]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.read()
        assert self.process.wait(30) == 0

    def send(self, *requests, times=1) -> dict:
        self.process.stdin.write(json.dumps({"requests": requests, "times": times}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        for result in answer["results"]:
            if "body" in result:
                result["body"] = base64.b64decode(result["body"])
        return answer


def get(url: str, **more) -> dict:
    return {"method": "GET", "url": url, **more}


def only(answer: dict) -> dict:
    (result,) = answer["results"]
    return result


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "authority")


@pytest.fixture
def hosts(tmp_path: Path) -> Path:
    path = tmp_path / "hosts"
    path.write_text(f"127.0.0.1 localhost {AMAZON}\n")
    return path


def assert_no_tls(result: dict, server: Server):
    assert result["code"] == "tls", result
    assert result["mayHaveActed"] is False
    assert not server.requests
    assert "path" not in result["message"] and "query" not in result["message"]


def test_a_certificate_of_a_known_authority(authority):
    with Server(authority.sign("localhost", "127.0.0.1")) as server, Client({"bundle": authority.path}) as client:
        for host in ("localhost", "127.0.0.1"):
            result = only(client.send(get(f"https://{host}:{server.port}/")))
            assert result["status"] == 200, result
        assert server.handshakes == 2
        many = client.send(*[get(f"https://localhost:{server.port}/{number}") for number in range(20)])
        assert [result["status"] for result in many["results"]] == [200] * 20
        assert many["handshakes"] == many["connections"] == server.handshakes
        again = client.send(get(f"https://localhost:{server.port}/"), times=50)
        assert again["handshakes"] == many["handshakes"], "a pooled connection needs no handshake"
        print(f"checked with {ssl.OPENSSL_VERSION}: {server.handshakes} handshakes, {server.resumed} of them short ones")


@pytest.mark.parametrize("tls", [False, True])
def test_requests_do_not_wait_for_each_other(authority, tls):
    def answer(request):
        time.sleep(0.1)
        return 200, b"", "keep"

    with Server(authority.sign("localhost") if tls else None, answer) as server:
        with Client({"bundle": authority.path}) as client:
            requests = [get(f"{'https' if tls else 'http'}://localhost:{server.port}/{number}") for number in range(20)]
            cold, warm = client.send(*requests), client.send(*requests)
    print(f"20 requests to a server that takes 100 ms: cold {cold['microseconds']} µs, warm {warm['microseconds']} µs")
    assert cold["connections"] == warm["connections"] == 20
    assert cold["microseconds"] < 1_000_000 and warm["microseconds"] < 500_000


def test_a_second_handshake_is_a_short_one(authority):
    answer = lambda request: (200, b"", "goodbye")
    with Server(authority.sign("localhost"), answer) as server, Client({"bundle": authority.path}) as client:
        for _ in range(3):
            assert only(client.send(get(f"https://localhost:{server.port}/")))["status"] == 200
            time.sleep(0.3)
        assert (server.handshakes, server.resumed) == (3, 2)


@pytest.mark.parametrize(
    ("names", "days", "says"),
    [(["elsewhere.test"], 30, "name"), (["localhost"], -1, "expired"), (["localhost"], 90, "not yet valid")],
)
def test_a_certificate_that_does_not_hold(authority, names, days, says):
    with Server(authority.sign(*names, days=days)) as server, Client({"bundle": authority.path}) as client:
        result = only(client.send({"method": "PUT", "url": f"https://localhost:{server.port}/path?query", "size": 9}))
        assert_no_tls(result, server)
        assert says in result["message"]
        assert f"localhost:{server.port}" in result["message"]


def test_an_unknown_authority(authority, tmp_path):
    stranger = Authority(tmp_path, "stranger")
    with Server(stranger.sign("localhost")) as server, Client({"bundle": authority.path}) as client:
        assert_no_tls(only(client.send(get(f"https://localhost:{server.port}/path?query"))), server)
    with Server(stranger.sign("localhost")) as server, Client() as client:
        assert_no_tls(only(client.send(get(f"https://localhost:{server.port}/path?query"))), server)


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_bundle_that_is_none(authority, tmp_path, content):
    path = tmp_path / "bundle.pem"
    if content is not None:
        path.write_text(content)
    with Server(authority.sign("localhost")) as server, Client({"bundle": path}) as client:
        result = only(client.send(get(f"https://localhost:{server.port}/path?query")))
        assert_no_tls(result, server)
        if content is None:
            assert str(path) in result["message"]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_tls_is_refused(authority):
    server = Server(authority.sign("localhost"), newest=ssl.TLSVersion.TLSv1_1)
    with server, Client({"bundle": authority.path}) as client:
        assert_no_tls(only(client.send(get(f"https://localhost:{server.port}/path?query"))), server)


def test_amazon_is_believed_by_its_roots(authority, hosts, tmp_path):
    settings = {"amazonRoots": authority.path, "bundle": tmp_path / "missing.pem"}
    certificate = authority.sign(AMAZON, "localhost")
    with Server(certificate) as server, Client(settings, hosts=hosts) as client:
        assert only(client.send(get(f"https://{AMAZON}:{server.port}/")))["status"] == 200
        refused = only(client.send(get(f"https://localhost:{server.port}/")))
        assert refused["code"] == "tls", "the roots are Amazon's alone"


@pytest.mark.parametrize("roots", ["other", "missing"])
def test_amazon_falls_back_on_the_bundle(authority, hosts, tmp_path, roots):
    path = Authority(tmp_path, "other").path if roots == "other" else tmp_path / "missing.pem"
    settings = {"amazonRoots": path, "bundle": authority.path}
    with Server(authority.sign(AMAZON)) as server, Client(settings, hosts=hosts) as client:
        answer = client.send({"method": "POST", "url": f"https://{AMAZON}:{server.port}/", "size": 100_000})
        assert only(answer) == {**only(answer), "status": 200, "body": b"100000", "wasResent": False}
        assert (answer["requests"], answer["handshakes"], server.handshakes) == (1, 1, 1)
        failed = server.refused
        answer = client.send(*[get(f"https://{AMAZON}:{server.port}/") for _ in range(4)])
        assert {result["status"] for result in answer["results"]} == {200}
        assert server.refused == failed, "what is known to need the bundle gets it at once"


def test_amazon_and_others_in_turn(authority, hosts, tmp_path):
    """Connections that rested are made anew, each with the file that does."""
    stranger = Authority(tmp_path, "stranger")
    settings = {"amazonRoots": authority.path, "bundle": stranger.path, "maximumIdle": 100}
    with Server(authority.sign(AMAZON)) as amazon, Server(stranger.sign("localhost")) as other:
        with Client(settings, hosts=hosts) as client:
            urls = [f"https://{AMAZON}:{amazon.port}/", f"https://localhost:{other.port}/"]
            for _ in range(3):
                for _ in range(2):
                    answer = client.send(*[get(url) for url in urls * 3])
                    assert [result.get("status") for result in answer["results"]] == [200] * 6, answer
                time.sleep(0.3)
            assert answer["resends"] == 0
            assert answer["handshakes"] == answer["connections"] == amazon.handshakes + other.handshakes


def test_no_fallback_for_a_wrong_name(authority, hosts, tmp_path):
    settings = {"amazonRoots": authority.path, "bundle": authority.path}
    with Server(authority.sign("localhost")) as server, Client(settings, hosts=hosts) as client:
        assert_no_tls(only(client.send(get(f"https://{AMAZON}:{server.port}/path?query"))), server)
        assert server.connections == 1


def test_a_connection_with_a_goodbye_on_it_is_not_used(authority):
    answer = lambda request: (200, b"", "goodbye" if "/first" in request["head"] else "keep")
    with Server(authority.sign("localhost"), answer) as server, Client({"bundle": authority.path}) as client:
        origin = f"https://localhost:{server.port}"
        assert only(client.send(get(f"{origin}/first")))["status"] == 200
        time.sleep(0.5)
        answer = client.send({"method": "POST", "url": f"{origin}/second", "size": 1})
        assert only(answer)["status"] == 200
        assert (answer["resends"], server.handshakes, len(server.requests)) == (0, 2, 2)


@pytest.mark.parametrize("tls", [False, True])
def test_a_connection_reset_in_use(authority, tls):
    answer = lambda request: (200, b"", "reset" if "/reset" in request["head"] else "keep")
    with Server(authority.sign("localhost") if tls else None, answer) as server:
        with Client({"bundle": authority.path}) as client:
            origin = f"{'https' if tls else 'http'}://localhost:{server.port}"
            result = only(client.send({"method": "POST", "url": f"{origin}/reset", "size": 70_000}))
            assert (result["code"], result["mayHaveActed"]) == ("connectionLost", True)
            assert only(client.send(get(f"{origin}/")))["status"] == 200
            result = only(client.send({"method": "POST", "url": f"{origin}/reset", "size": 70_000}))
            assert (result["code"], result["mayHaveActed"]) == ("connectionLost", True)
            assert len(server.requests) == 3, "a request that is not idempotent is sent once"


def test_a_port_without_tls(tmp_path):
    def hang_up(listener, how):
        connection, _ = listener.accept()
        if how == "speak":
            connection.sendall(b"220 mail.test ESMTP\r\n")
        connection.recv(4096)
        if how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()

    for how in ("speak", "close", "reset"):
        with socket.create_server(("127.0.0.1", 0)) as listener, Client() as client:
            threading.Thread(target=hang_up, args=(listener, how), daemon=True).start()
            result = only(client.send(get(f"https://localhost:{listener.getsockname()[1]}/")))
            assert result["code"] == ("tls" if how == "speak" else "cannotConnect"), (how, result)
            assert result["mayHaveActed"] is False


@pytest.mark.parametrize("tls", [False, True])
def test_the_bytes_arrive_as_they_were_given(authority, tls):
    target = "/a/../b/./c//%2e%2E/%c3%a9?x=%2F&&y&=z+%20;'()*,:@!$[]{}|\\^`\"<>~"
    sizes = [0, 1, 1_000, 16_383, 16_384, 65_535, 65_536, 65_537, 1_048_577, 8_000_001]
    with Server(authority.sign("localhost") if tls else None) as server:
        with Client({"bundle": authority.path}) as client:
            origin = f"{'https' if tls else 'http'}://localhost:{server.port}"
            fields = [["X-Empty", ""], ["Content-Type", "application/x"], ["x-amz-meta-name", "ü"]]
            answer = client.send(
                *[{"method": "PUT", "url": origin + target, "fields": fields, "size": size} for size in sizes]
            )
    assert [result["body"] for result in answer["results"]] == [b"%d" % size for size in sizes]
    for request in sorted(server.requests, key=lambda request: len(request["body"])):
        size = sizes.pop(0)
        assert request["body"] == bytes((number * 31 >> 3) & 255 for number in range(size))
        expected = [
            f"PUT {target} HTTP/1.1", f"Host: localhost:{server.port}", "X-Empty:", "Content-Type: application/x",
            "x-amz-meta-name: ü", f"Content-Length: {size}",
        ]
        assert sorted(request["head"].split("\r\n")) == sorted(expected)
    assert not sizes


def test_the_environment_is_not_asked(tmp_path):
    with Server() as trap, Server() as server:
        (tmp_path / ".netrc").write_text("default login user password secret\n")
        (tmp_path / ".curlrc").write_text(f"proxy = http://127.0.0.1:{trap.port}\n")
        proxy = f"http://127.0.0.1:{trap.port}"
        names = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        environment = {**{name: proxy for name in names}, "HOME": str(tmp_path), "CURL_HOME": str(tmp_path), "no_proxy": ""}
        with Client(environment=environment) as client:
            assert only(client.send(get(f"http://localhost:{server.port}/")))["status"] == 200
            refused = only(client.send(get("https://nowhere.invalid/")))
        assert refused["code"] == "cannotResolve"
        assert trap.connections == 0
        assert "authorization" not in server.requests[0]["head"].lower()


def test_a_redirect_does_not_leave_tls(authority):
    with Server() as plain:
        location = f"http://127.0.0.1:{plain.port}/"

        class Redirecting(Server):
            def _converse(self, connection):
                connection.recv(65536)
                connection.sendall(f"HTTP/1.1 302 F\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())
                connection.close()

        with Redirecting(authority.sign("localhost")) as server, Client({"bundle": authority.path}) as client:
            result = only(client.send(get(f"https://localhost:{server.port}/", follows=True)))
        assert result["code"] == "malformedResponse"
        assert plain.connections == 0


@pytest.mark.parametrize("tls", [False, True])
def test_a_body_is_sent_from_where_it_lies(authority, tls):
    size = 100 << 20
    with Server(authority.sign("localhost") if tls else None) as server, Client({"bundle": authority.path}) as client:
        origin = f"{'https' if tls else 'http'}://localhost:{server.port}"
        before = client.send(get(f"{origin}/"))["peakKilobytes"]
        answer = client.send({"method": "PUT", "url": f"{origin}/", "size": size})
        assert only(answer)["body"] == b"%d" % size
        grown = answer["peakKilobytes"] - before - size // 1024
        print(f"{grown} kB beside a body of {size >> 20} MiB")
        assert grown < 2_048, "no second copy of the body was made"


def test_ten_thousand_requests_leave_nothing_behind(authority):
    with Server(authority.sign("localhost")) as server, Client({"bundle": authority.path}) as client:
        url = f"https://localhost:{server.port}/"
        round_of_ten = [{"method": "PUT", "url": f"{url}{number}", "size": 2_000} for number in range(10)]
        before = client.send(*round_of_ten, times=200)
        after = client.send(*round_of_ten, times=1_000)
        assert after["requests"] == 12_000 and after["resends"] == 0
        grown = after["residentKilobytes"] - before["residentKilobytes"]
        print(f"{after['residentKilobytes']} kB resident, {grown} kB more than 10,000 requests before; ",
              f"{after['microseconds'] / 10_000:.0f} µs a request over TLS, ten at once, against Python's server")
        assert grown < 1_024
        assert after["handshakes"] <= 10
