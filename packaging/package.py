"""Packs a built function as Lambda takes it: package.py --definition lake.json --certificates FOLDER --into dist EXECUTABLE…

Refuses an executable that needs a loader or a library, that links Foundation, or whose zip is too large."""

import argparse
import sys
import tempfile
from pathlib import Path

import archive
import certificates
import executable


def package(program: Path, definition: bytes, bundle: dict[str, str]) -> tuple[bytes, int]:
    """The zip of one executable that still has its symbols, and the size of `bootstrap` in it."""
    executable.check_static(program)
    executable.check_without_foundation(program)
    with tempfile.TemporaryDirectory() as folder:
        bootstrap = executable.stripped(program, Path(folder) / "bootstrap")
    files = {"bootstrap": bootstrap, "lake.json": definition, **certificates.files(bundle)}
    content = archive.zipped(files, {"bootstrap"})
    archive.check_size(f"{program.name}.zip", content)
    return content, len(bootstrap)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--definition", type=Path, required=True, help="the lake.json that goes into each zip")
    parser.add_argument("--certificates", type=Path, required=True, help="folder of Debian's certificates, one a file")
    parser.add_argument("--into", type=Path, required=True, help="folder of the zips")
    parser.add_argument("executables", type=Path, nargs="+", help="each gives a zip of its name")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    definition, bundle = given.definition.read_bytes(), certificates.bundle(given.certificates)
    for program in given.executables:
        path = given.into / f"{program.name}.zip"
        path.unlink(missing_ok=True)
        try:
            content, size = package(program, definition, bundle)
        except (archive.UnfitArchive, certificates.CertificatesError, executable.UnfitExecutable) as fault:
            print(f"package: {fault}", file=sys.stderr)
            return 1
        path.write_bytes(content)
        print(f"{path}  {len(content) / 1e6:.2f} MB, of it bootstrap {size / 1e6:.2f} MB unpacked")
    return 0


if __name__ == "__main__":
    sys.exit(main())
