"""What programs meet on a bare machine: a root directory of their own, a network that holds only loopback, a name server
that we run, and TLS with certificates of our own authority.

A check in isolation is a script, which `isolated` runs in fresh network and mount namespaces; what it starts lives and
ends there."""

import os
import socket
import ssl
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from authority import Authority
from support import ROOT

HERE = Path(__file__).resolve().parent
BULLSEYE = Path(os.environ.get("SWIFTLAKE_BULLSEYE", ROOT / ".build" / "bullseye"))
# An address of loopback where no resolver looks by itself.
DNS_ELSEWHERE = "127.0.0.53"
DIST = ROOT / os.environ.get("SWIFTLAKE_DIST", "dist")


def isolated(script: str, *arguments, timeout: float = 120) -> str:
    """What a script beside this file prints, run with a network and mounts of its own; it must succeed."""
    command = ["unshare", "--net", "--mount", "--propagation", "private"]
    command += ["--map-root-user"] if os.geteuid() else []
    command += [sys.executable, str(HERE / script), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=environment, check=False)
    assert done.returncode == 0, f"{script} {arguments}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass
class Root:
    """A directory that becomes the root of a program, and what of ours is seen in it, by the paths there."""

    path: Path
    binds: dict[str, Path] = field(default_factory=dict)

    def enter(self):
        """Makes mounts, in a mount namespace of one's own."""
        for inside, outside in {"/proc": Path("/proc"), **self.binds}.items():
            target = self.path / inside.lstrip("/")
            subprocess.run(["mount", "--rbind", outside, target], check=True)

    def command(self) -> list[str]:
        """What to put before a program's path in this root. The definition is looked for beside the program."""
        return ["env", "--unset=LAKE_DEFINITION", "chroot", str(self.path)]

    def outside(self, inside: str) -> Path:
        """Where a path of the root's lies for us."""
        for prefix, folder in self.binds.items():
            if inside.startswith(prefix + "/"):
                return folder / inside[len(prefix) + 1:]
        return self.path / inside.lstrip("/")


def unpacked(job: str, into: Path):
    """Puts the content of a job's zip into a folder, with the modes that it tells."""
    with zipfile.ZipFile(DIST / f"{job}.zip") as archive:
        for entry in archive.infolist():
            Path(archive.extract(entry, into)).chmod(entry.external_attr >> 16 & 0o777)


def empty_root(folder: Path, job: str) -> Root:
    """A root that holds what the zip holds, under /function, and empty folders for /proc and /tmp."""
    root = folder / "root"
    for name in ("function", "proc", "tmp"):
        (root / name).mkdir(parents=True)
    unpacked(job, root / "function")
    return Root(root)


def bullseye_root(folder: Path, job: str) -> Root:
    """Debian bullseye, whose glibc is 2.31, with the zip's content under /srv, a fresh /tmp, and the name server at
    DNS_ELSEWHERE; itself unchanged."""
    assert (BULLSEYE / "etc" / "debian_version").exists(), f"{BULLSEYE} is missing: run ./build.sh setup"
    function, temporary, resolvers = (folder / name for name in ("function", "tmp", "resolv.conf"))
    unpacked(job, function)
    temporary.mkdir()
    resolvers.write_text(f"nameserver {DNS_ELSEWHERE}\n")
    return Root(BULLSEYE, {"/srv": function, "/tmp": temporary, "/etc/resolv.conf": resolvers})


def loopback_up():
    """Gives a fresh network namespace its one interface."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class NameServer:
    """DNS on 127.0.0.1:53 for the names given, all at 127.0.0.1; it keeps what it was asked."""

    def __init__(self, names: set[str], address: str = "127.0.0.1"):
        from dnslib import QTYPE, RCODE, RR, A
        from dnslib.server import BaseResolver, DNSLogger, DNSServer

        asked = self.asked = []

        class Resolver(BaseResolver):
            def resolve(self, request, handler):
                name = str(request.q.qname).rstrip(".")
                asked.append((name, QTYPE[request.q.qtype]))
                reply = request.reply()
                if name not in names:
                    reply.header.rcode = RCODE.NXDOMAIN
                elif request.q.qtype == QTYPE.A:
                    reply.add_answer(RR(name, QTYPE.A, rdata=A("127.0.0.1"), ttl=1))
                return reply

        self.server = DNSServer(Resolver(), address=address, port=53, logger=DNSLogger("-request,-reply"))
        self.server.start_thread()


class TLSFront:
    """TLS in front of a plain server on loopback, with a certificate for one name; bytes pass as they are."""

    def __init__(self, authority: Authority, name: str, backend: int):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.sign(name))
        self.name, self.backend, self.handshakes = name, backend, 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(target=self._serve, args=(context,), daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"https://{self.name}:{self.listener.getsockname()[1]}"

    def _serve(self, context: ssl.SSLContext):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self._connect, args=(context, connection), daemon=True).start()

    def _connect(self, context: ssl.SSLContext, connection: socket.socket):
        try:
            client = context.wrap_socket(connection, server_side=True)
        except (OSError, ssl.SSLError):
            return
        self.handshakes += 1
        server = socket.create_connection(("127.0.0.1", self.backend))
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self._pump, args=(server, client), daemon=True).start()
        self._pump(client, server)

    def _pump(self, source, target):
        try:
            while data := source.recv(1 << 16):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):
            pass
