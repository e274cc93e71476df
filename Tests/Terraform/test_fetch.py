"""Where Terraform comes from: packaging/terraform.sh against a server of releases on loopback. HashiCorp's own is not asked."""

import hashlib
import io
import os
import platform
import subprocess
import sys
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import plan

SCRIPT = plan.REPOSITORY / "packaging" / "terraform.sh"
RELEASE = "terraform/1.11.4"
ARCHIVE = f"terraform_1.11.4_linux_{ {'x86_64': 'amd64', 'aarch64': 'arm64'}[platform.machine()] }.zip"
# What the script and an executable of Terraform's need of the machine.
TOOLS = ["bash", "sh", "uname", "sed", "sort", "head", "mkdir", "mktemp", "rm", "mv", "chmod", "grep", "sha256sum", "env"]


def executable(version: str) -> bytes:
    return f"#!/bin/sh\necho Terraform v{version}\necho on linux_amd64\n".encode()


def release(folder: Path, content: bytes, checksum: str | None = None) -> None:
    """Puts a release where the script looks for it."""
    place = folder / RELEASE
    place.mkdir(parents=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("terraform", content)
    (place / ARCHIVE).write_bytes(buffer.getvalue())
    checksum = checksum or hashlib.sha256(buffer.getvalue()).hexdigest()
    (place / "terraform_1.11.4_SHA256SUMS").write_text(f"{'0' * 64}  terraform_1.11.4_openbsd_386.zip\n{checksum}  {ARCHIVE}\n")


@pytest.fixture
def releases(tmp_path):
    """A folder that a server on loopback serves, its address, and what it was asked for."""
    served, asked = tmp_path / "served", []
    served.mkdir()

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, form, *arguments):
            asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=served))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield served, f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(tmp_path):
    """Runs the script on a PATH that has the tools it needs, and no Terraform unless one is given."""
    path = tmp_path / "path"
    path.mkdir()
    for tool in TOOLS:
        found = next(folder for name in os.environ["PATH"].split(":") if (folder := Path(name) / tool).exists())
        (path / tool).symlink_to(found)
    python = path / "python3"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)

    def run(address: str, installed: bytes | None = None):
        if installed is not None:
            (path / "terraform").write_bytes(installed)
            (path / "terraform").chmod(0o755)
        environment = {"PATH": str(path), "TERRAFORM_RELEASES": address}
        return subprocess.run([SCRIPT, tmp_path / "bin"], env=environment, capture_output=True, text=True)

    return run


def test_fetched_once(releases, run, tmp_path):
    served, address, asked = releases
    release(served, executable("1.11.4"))
    first, second = run(address), run(address)
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout == f"{tmp_path}/bin/terraform\n"
    assert len(asked) == 2
    assert list((tmp_path / "bin").iterdir()) == [tmp_path / "bin" / "terraform"]


@pytest.mark.parametrize("version", ["1.11.0", "1.12.3", "2.0.0"])
def test_that_on_the_path_serves(releases, run, tmp_path, version):
    _, address, asked = releases
    ended = run(address, installed=executable(version))
    assert (ended.returncode, ended.stdout) == (0, f"{tmp_path}/path/terraform\n")
    assert asked == []


@pytest.mark.parametrize("version", ["1.10.5", "1.9.0", "0.15.5"])
def test_too_old_a_one_on_the_path_does_not(releases, run, tmp_path, version):
    served, address, _ = releases
    release(served, executable("1.11.4"))
    assert run(address, installed=executable(version)).stdout == f"{tmp_path}/bin/terraform\n"


@pytest.mark.parametrize(("content", "checksum", "message"), [
    (executable("1.11.4"), "f" * 64, "is not what terraform_1.11.4_SHA256SUMS says"),
    (b"\x7fELF of another machine", None, "does not run on this machine"),
])
def test_wrong_release_is_thrown_away(releases, run, tmp_path, content, checksum, message):
    served, address, _ = releases
    release(served, content, checksum)
    ended = run(address)
    assert ended.returncode == 1
    assert message in ended.stderr and "Install Terraform 1.11.0 or later" in ended.stderr
    assert list((tmp_path / "bin").iterdir()) == []


def test_release_without_this_architecture(releases, run):
    served, address, _ = releases
    release(served, executable("1.11.4"))
    (served / RELEASE / "terraform_1.11.4_SHA256SUMS").write_text(f"{'0' * 64}  terraform_1.11.4_openbsd_386.zip\n")
    ended = run(address)
    assert ended.returncode == 1 and f"has no checksum of {ARCHIVE}" in ended.stderr


def test_without_network_it_says_what_to_install(run):
    # Nothing listens on the port that is reserved for that.
    ended = run("http://127.0.0.1:1")
    assert ended.returncode == 1
    assert "cannot fetch http://127.0.0.1:1/terraform/1.11.4/" in ended.stderr
    assert "Install Terraform 1.11.0 or later by hand" in ended.stderr and "PATH" in ended.stderr


def test_release_that_there_is_not(releases, run):
    _, address, _ = releases
    ended = run(address)
    assert ended.returncode == 1 and "404" in ended.stderr
