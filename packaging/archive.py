"""The zip that Lambda takes: the same content gives the same bytes.

Written here and not by `zipfile`, which deflates by zlib only: libdeflate's level 12 takes 3 % fewer bytes, a quarter of a
megabyte of a function's. The layout is that of PKWARE's APPNOTE.TXT 6.3.10."""

import struct
import subprocess
import zlib
from dataclasses import dataclass

# Lambda's own limit is 50 MB; ours keeps a cold start's download short.
LARGEST = 8_000_000

# What Debian's package libdeflate-tools brings: the most it can do, to standard output.
DEFLATE = ("libdeflate-gzip", "-12", "-c")
# A gzip member (RFC 1952) begins with these when it has no optional field, and ends with checksum and size.
GZIP_HEAD, GZIP_HEAD_SIZE, GZIP_TAIL_SIZE = b"\x1f\x8b\x08\x00", 10, 8

# Version 2.0 of the format, as Unix made it; no flag, the method "deflated", 1980-01-01 00:00, the earliest that a zip can tell.
NEEDED, MADE_BY = 20, 3 << 8 | 20
COMMON = struct.pack("<HHHHH", NEEDED, 0, 8, 0, 1 << 5 | 1)


class UnfitArchive(Exception):
    """The zip must not be shipped; says why in one line."""


@dataclass
class Entry:
    """A file of the zip, deflated."""

    name: bytes
    mode: int
    content: bytes
    deflated: bytes
    offset: int

    def _head(self) -> bytes:
        """What both of its headers tell (§4.4.2–4.4.11)."""
        sizes = struct.pack("<III", zlib.crc32(self.content), len(self.deflated), len(self.content))
        return COMMON + sizes + struct.pack("<HH", len(self.name), 0)

    def local(self) -> bytes:
        """What stands in front of the file, and the file (§4.3.7)."""
        return b"PK\x03\x04" + self._head() + self.name + self.deflated

    def central(self) -> bytes:
        """Its entry in the directory (§4.3.12)."""
        tail = struct.pack("<HHHII", 0, 0, 0, self.mode << 16, self.offset)
        return b"PK\x01\x02" + struct.pack("<H", MADE_BY) + self._head() + tail + self.name


def zipped(files: dict[str, bytes], executables: set[str]) -> bytes:
    """The files in one zip, by their names there: sorted, without a date, as root would list them."""
    whole, directory = bytearray(), bytearray()
    for name in sorted(files):
        mode = 0o100755 if name in executables else 0o100644
        entry = Entry(name.encode("ascii"), mode, files[name], deflated(files[name]), len(whole))
        whole += entry.local()
        directory += entry.central()
    # The end of the directory (§4.3.16).
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(whole), 0)
    return bytes(whole + directory) + b"PK\x05\x06" + end


def deflated(content: bytes) -> bytes:
    """The raw stream of a file (RFC 1951): that of a gzip member, which is asked whether it gives the file again."""
    member = subprocess.run(DEFLATE, input=content, capture_output=True, check=True).stdout
    stream = member[GZIP_HEAD_SIZE:-GZIP_TAIL_SIZE]
    if not member.startswith(GZIP_HEAD) or _inflated(stream) != content:
        raise UnfitArchive(f"{DEFLATE[0]} has written something else than the {len(content):,} bytes that it was given")
    return stream


def _inflated(stream: bytes) -> bytes | None:
    """What zlib makes of a raw stream; nothing if it is none."""
    try:
        return zlib.decompress(stream, wbits=-zlib.MAX_WBITS)
    except zlib.error:
        return None


def check_size(name: str, content: bytes):
    """Throws for a zip above the limit."""
    if len(content) > LARGEST:
        raise UnfitArchive(f"{name} takes {len(content):,} bytes, of which {LARGEST:,} are allowed")
