"""The release binary of kinesis-ingest: static, without Foundation, without a Swift task or thread."""

import os
import subprocess
from pathlib import Path

import pytest
from runtime_api import Function
from sensors import kinesis_event, readings
from support import ROOT

RELEASE = Path(os.environ.get("SWIFTLAKE_STATIC_BIN", ROOT / ".build-static" / "release"))
BINARY = RELEASE / "kinesis-ingest"
OURS = ["Calendar", "JSON", "Columnar", "Parquet", "Avro", "Iceberg", "HTTPTransport", "AWS", "ObjectStores", "Catalogs",
        "LambdaRuntime", "Lake", "kinesis_ingest"]


def output(*command) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(autouse=True)
def built():
    assert BINARY.exists(), f"{BINARY} is not built: run ./build.sh test"


def test_it_needs_no_loader_and_no_library():
    assert "INTERP" not in output("readelf", "--program-headers", "--wide", BINARY)
    assert "NEEDED" not in output("readelf", "--dynamic", "--wide", BINARY)


def test_it_holds_no_foundation():
    """Foundation's symbols are mangled as $s10Foundation…, FoundationEssentials' as $s20FoundationEssentials…"""
    symbols = output("nm", BINARY)
    assert "$s4Lake" in symbols, "the symbols must be there to be searched"
    assert "$s10Foundation" not in symbols and "$s20FoundationEssentials" not in symbols


def test_no_module_of_ours_names_a_task():
    """libswift_Concurrency itself is linked, because swift-log refers to task-local values; nothing of ours calls it."""
    objects = [path for module in OURS for path in (RELEASE / f"{module}.build").glob("**/*.o")]
    assert len({path.parent for path in objects}) >= len(OURS) - 1, "the object files must be there to be searched"
    for path in objects:
        undefined = output("nm", "--undefined-only", path)
        assert "swift_task_create" not in undefined and "swift_asyncLet" not in undefined, path


def test_an_invocation_starts_no_thread(tmp_path, monkeypatch):
    monkeypatch.setenv("SWIFTLAKE_BIN", str(RELEASE))
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-qq", "-o", str(trace), "-e", "trace=clone,clone3,fork,vfork,execve"]
    lake = tmp_path / "lake"
    lake.mkdir()
    with Function("kinesis-ingest", lake, command=command) as function:
        assert function.invoke(kinesis_event(readings(100))).reply == {"batchItemFailures": []}
    traced = trace.read_text()
    assert "execve" in traced and "clone" not in traced and "fork" not in traced, traced
