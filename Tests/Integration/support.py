"""What the checks share: where the built programs lie, and how each independent reader opens a lake."""

import importlib
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def binary(name: str) -> str:
    """Path of a built program; SWIFTLAKE_BIN names another folder than the debug build's."""
    folder = Path(os.environ.get("SWIFTLAKE_BIN", ROOT / ".build" / "debug"))
    path = folder / name
    assert path.exists(), f"{path} is not built: run ./build.sh test, or swift build"
    return str(path)


def conformance(*arguments, **options) -> subprocess.CompletedProcess:
    """Runs one check of the conformance program, which must succeed."""
    done = subprocess.run([binary("conformance"), *map(str, arguments)], capture_output=True, **options)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done


def duckdb_connection():
    """A DuckDB connection with its Iceberg extension, offline."""
    import duckdb

    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    for name in ("httpfs", "avro", "iceberg"):
        package = importlib.import_module(f"duckdb_extension_{name}")
        path = next(Path(package.__path__[0]).glob(f"extensions/*/{name}.duckdb_extension"))
        connection.execute(f"INSTALL '{path}'")
        connection.execute(f"LOAD {name}")
    return connection


def sql_catalog(lake: Path):
    """The lake's SQLite catalog as pyiceberg opens it."""
    from pyiceberg.catalog.sql import SqlCatalog

    return SqlCatalog("swiftlake", uri=f"sqlite:///{lake}/catalog.db", warehouse=f"file://{lake}")
