"""What an executable must be to run wherever Lambda puts it, and how it is stripped."""

import re
import struct
import subprocess
from pathlib import Path

PT_DYNAMIC, PT_INTERP, DT_NULL, DT_NEEDED, SHT_NOBITS = 2, 3, 0, 1, 8

# What a C++ exception is passed on by: a tenth of a zip. Nothing that functions link throws one and goes on, and without
# these tables it ends the process all the same. And what the compiler notes for itself, from the paths of the sources too.
EMPTIED = (b".eh_frame", b".eh_frame_hdr", b".swift_modhash")

# Modules of Foundation as symbols mangle them: $s10Foundation…, $s20FoundationEssentials…, $s14_FoundationICU…
FOUNDATION = re.compile(r"^\$s\d+_?Foundation", re.M)


class UnfitExecutable(Exception):
    """The file must not be shipped; says why in one line."""


def check_static(path: Path):
    """Throws for a file that is no executable of 64-bit ELF, or that wants a loader or a library."""
    content = path.read_bytes()
    if content[:6] != b"\x7fELF\x02\x01":
        raise UnfitExecutable(f"{path.name} is no 64-bit little-endian ELF file")
    table, = struct.unpack_from("<Q", content, 32)
    entry_size, count = struct.unpack_from("<HH", content, 54)
    for index in range(count):
        kind, _, offset, _, _, size = struct.unpack_from("<IIQQQQ", content, table + index * entry_size)
        if kind == PT_INTERP:
            loader = content[offset:offset + size].rstrip(b"\0").decode(errors="replace")
            raise UnfitExecutable(f"{path.name} wants the loader {loader} (PT_INTERP)")
        if kind == PT_DYNAMIC:
            tags = struct.iter_unpack("<QQ", content[offset:offset + size // 16 * 16])
            for tag, _ in tags:
                if tag == DT_NULL:
                    break
                if tag == DT_NEEDED:
                    raise UnfitExecutable(f"{path.name} wants shared libraries (DT_NEEDED)")


def check_without_foundation(path: Path):
    """Throws for an executable that holds code of Foundation, or whose symbols are gone and cannot say."""
    symbols = subprocess.run(["nm", "--format=just-symbols", path], capture_output=True, text=True, check=False).stdout
    if "$sSS" not in symbols:
        raise UnfitExecutable(f"{path.name} has no Swift symbols to be searched")
    found = FOUNDATION.search(symbols)
    if found:
        raise UnfitExecutable(f"{path.name} links Foundation ({symbols[found.start():].splitlines()[0]})")


def stripped(path: Path, into: Path) -> bytes:
    """The executable without its symbols, without notes, which may differ from build to build, and with some tables
    empty. Those keep their place: the start-up code and the unwinder look there, and find nothing."""
    command = ["strip", "--strip-all", "--remove-section=.comment", "--remove-section=.note.gnu.build-id", "-o", into, path]
    subprocess.run(command, check=True)
    content = bytearray(into.read_bytes())
    for name, offset, size in _sections(content):
        if name in EMPTIED:
            content[offset:offset + size] = bytes(size)
    return bytes(content)


def _sections(content: bytes) -> list[tuple[bytes, int, int]]:
    """Name, offset and size of each section of an ELF file that has bytes there."""
    table, = struct.unpack_from("<Q", content, 40)
    entry_size, count, names = struct.unpack_from("<HHH", content, 58)
    entries = [struct.unpack_from("<IIQQQQ", content, table + index * entry_size) for index in range(count)]
    texts = entries[names][4]
    named = [(content[texts + entry[0]:content.index(0, texts + entry[0])], entry) for entry in entries]
    return [(bytes(name), entry[4], entry[5]) for name, entry in named if entry[1] != SHT_NOBITS]
