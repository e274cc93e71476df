"""Fetches by host name over TLS through the libcurl that functions link, where no NSS configuration and no library lies:
isolated_fetch.py PROGRAM FOLDER."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from authority import Authority
from isolation import DNS_ELSEWHERE, NameServer, Root, TLSFront, loopback_up

HOST = "s3.lake.test"


class Answer(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def root_with(folder: Path, program: Path, authority: Authority, resolvers: str | None) -> Root:
    """A root with the program, the authority's root certificate, /proc, and a resolv.conf if there is one."""
    (folder / "proc").mkdir(parents=True)
    (folder / "fetch").write_bytes(program.read_bytes())
    (folder / "fetch").chmod(0o755)
    authority.install(folder / "authority.pem")
    if resolvers is not None:
        (folder / "etc").mkdir()
        (folder / "etc" / "resolv.conf").write_text(resolvers)
    root = Root(folder)
    root.enter()
    return root


def fetch(root: Root, url: str, certificates: str = "/authority.pem") -> subprocess.CompletedProcess:
    command = ["strace", "-f", "-e", "trace=execve,openat", "-o", str(root.path) + ".trace"]
    command += ["chroot", str(root.path), "/fetch", url, certificates]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def main(program: Path, folder: Path):
    loopback_up()
    authority, stranger = Authority(folder, "authority"), Authority(folder, "stranger")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    front = TLSFront(authority, HOST, server.server_port)
    port = front.endpoint.rpartition(":")[2]
    bare = root_with(folder / "bare", program, authority, None)
    configured = root_with(folder / "configured", program, authority, f"nameserver {DNS_ELSEWHERE}\n")

    done = fetch(bare, front.endpoint)
    assert done.returncode == 1 and "resolve host" in done.stderr, ("no name server runs yet", done)
    here, elsewhere = NameServer({HOST}), NameServer({HOST, "other.lake.test"}, DNS_ELSEWHERE)
    for root, names, other in ((bare, here, elsewhere), (configured, elsewhere, here)):
        names.asked.clear()
        other.asked.clear()
        done = fetch(root, front.endpoint)
        assert done.returncode == 0 and "status 204" in done.stdout, done
        assert (HOST, "A") in names.asked and not other.asked, (names.asked, other.asked)
        opened = Path(str(root.path) + ".trace").read_text().partition('execve("/fetch"')[2]
        assert "authority.pem" in opened and "libnss" not in opened and ".so" not in opened, opened
    assert done.stdout.splitlines()[1:3] == ["protocol http", "protocol https"], done.stdout

    done = fetch(bare, f"https://missing.lake.test:{port}")
    assert done.returncode == 1 and "resolve host" in done.stderr, done
    done = fetch(configured, f"https://other.lake.test:{port}")
    assert done.returncode == 1 and "no alternative certificate subject name" in done.stderr, done
    stranger.install(bare.path / "stranger.pem")
    done = fetch(bare, front.endpoint, "/stranger.pem")
    assert done.returncode == 1 and "certificate" in done.stderr, done
    print(f"{fetch(bare, front.endpoint).stdout.splitlines()[0]}: {HOST} found through 127.0.0.1 and {DNS_ELSEWHERE}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
