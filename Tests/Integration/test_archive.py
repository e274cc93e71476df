"""The zips' own format: written by packaging/archive.py, read by Python's zipfile."""

import io
import random
import subprocess
import sys
import zipfile
import zlib

import pytest
from support import ROOT

sys.path.insert(0, str(ROOT / "packaging"))
import archive  # noqa: E402

FILES = {
    "bootstrap": b"\x7fELF" + random.Random(1).randbytes(50_000) + bytes(500_000),
    "lake.json": b'{"tables": []}\n' * 1_000,
    "certificates/all.pem": b"",
    "certificates/amazon.pem": b"x",
}


def test_another_program_reads_what_was_written():
    content = archive.zipped(FILES, {"bootstrap"})
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        assert read.testzip() is None
        assert read.namelist() == sorted(FILES)
        assert {name: read.read(name) for name in read.namelist()} == FILES
        for entry in read.infolist():
            assert entry.compress_type == zipfile.ZIP_DEFLATED and entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.create_system == 3 and not entry.extra and not entry.comment and entry.flag_bits == 0
            assert oct(entry.external_attr >> 16) == ("0o100755" if entry.filename == "bootstrap" else "0o100644")
    print(f"read by zipfile of Python {sys.version.split()[0]}")


def test_the_modes_are_those_that_a_file_system_gets(tmp_path):
    (tmp_path / "function.zip").write_bytes(archive.zipped(FILES, {"bootstrap"}))
    script = (
        "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n"
        "print([oct(e.external_attr >> 16 & 0o777) for e in z.infolist()], z.extractall(sys.argv[2]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "function.zip", tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("['0o755', '0o644', '0o644', '0o644']")
    assert (tmp_path / "certificates" / "amazon.pem").read_bytes() == b"x"


def test_the_order_of_the_files_does_not_matter():
    turned = dict(reversed(FILES.items()))
    assert archive.zipped(turned, {"bootstrap"}) == archive.zipped(FILES, {"bootstrap"})


def test_it_takes_fewer_bytes_than_zlib():
    text = b"".join(b'{"bars":{"BTC/USD":{"c":%d.5,"n":%d}}}\n' % (n * 7919 % 65_536, n % 97) for n in range(5_000))
    best = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    zlibs = len(best.compress(text) + best.flush())
    ours = len(archive.deflated(text))
    print(f"{len(text):,} bytes: zlib {zlibs:,}, libdeflate {ours:,}")
    assert ours < zlibs


@pytest.mark.parametrize("command", ["cat", "printf other | gzip -cn", "head -c 18 /dev/zero"])
def test_a_compressor_that_writes_something_else_is_refused(command, monkeypatch):
    monkeypatch.setattr(archive, "DEFLATE", ("sh", "-c", f"{command}; cat >/dev/null"))
    with pytest.raises(archive.UnfitArchive, match="something else than the 400 bytes"):
        archive.deflated(archive.GZIP_HEAD * 100)


def test_a_name_beyond_ascii_is_refused():
    with pytest.raises(UnicodeEncodeError):
        archive.zipped({"bööt": b""}, set())
