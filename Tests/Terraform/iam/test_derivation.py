"""The derivation, on a small package of its own: what it must find, what it must not, and what it must refuse to guess."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from iam.derivation import derive
from iam.exceptions import Uncalled, NeverReached
from iam.index_store import IndexStore, IndexStoreError

FIXTURE = Path(__file__).resolve().parent / "fixture"
# By the job that runs alone, how each operation is come to.
FIRST = {
    "Straight", "InClosure", "HandedOn", "ByDefault", "OfProperty", "OfStatic", "Lazily", "Observed", "AtTheEnd", "ByKeyPath",
    "OfSubscript", "AsWitness", "OfExtension", "Overriding", "Described", "Deferred", "Nested", "Paged", "Handled"}
SECOND = {"OfGeneric", "OfAnother"}


@pytest.fixture
def package(tmp_path):
    """A copy of the fixture, to be changed before it is compiled."""
    return shutil.copytree(FIXTURE, tmp_path / "package")


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """The fixture as it is, compiled once."""
    package = shutil.copytree(FIXTURE, tmp_path_factory.mktemp("unchanged") / "package")
    compiled(package)
    return package


def only(package: Path, job: str) -> None:
    """Leaves one job alone, which saves compiling the other."""
    for folder in (package / "lambdas").iterdir():
        if folder.name != job:
            shutil.rmtree(folder)


def compiled(package: Path) -> Path:
    """Compiles each job with the sources, as a debug build does, and gives the index."""
    store = package / "store"
    sources = sorted(str(path) for path in (package / "Sources").rglob("*.swift"))
    for job in sorted((package / "lambdas").iterdir()):
        objects = package / "objects" / job.name
        objects.mkdir(parents=True)
        command = ["swiftc", "-c", "-module-name", "Fixture", "-index-store-path", str(store), *sources, str(job / "main.swift")]
        ended = subprocess.run(command, cwd=objects, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
    return store


def derived(package: Path, exceptions: tuple[Uncalled, ...] = ()):
    store = package / "store"
    return derive(package, store if store.is_dir() else compiled(package), exceptions)


def change(package: Path, name: str, old: str, new: str) -> None:
    path = package / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def names(operations) -> set[str]:
    return {name.removeprefix("demo:") for name in operations}


def test_calls_of_every_shape_are_found_and_no_others(unchanged):
    made = derived(unchanged)
    assert names(made.operations["first"]) == FIRST
    assert names(made.operations["second"]) == SECOND
    assert made.faults == []


def test_a_place_of_each_call_is_told(unchanged):
    place, = derived(unchanged).operations["first"]["demo:Straight"]
    assert (Path(place.path).name, place.line) == ("main.swift", 5)


def test_a_new_call_is_found_wherever_it_hides(package):
    change(package, "Sources/Jobs/Store.swift", "func rest() {}", "func rest() { Demo().never() }")
    call = "all([Generic()])"
    change(package, "lambdas/second/main.swift", call, f"{call}\n        let base = Base()\n        base.rest()")
    made = derived(package)
    assert "Never" in names(made.operations["second"])
    assert "Never" not in names(made.operations["first"])


def test_a_type_that_is_made_brings_its_witnesses(package):
    only(package, "second")
    change(package, "lambdas/second/main.swift", "all([Generic()])", "all([OtherStore(demo: Demo())])")
    assert "Never" in names(derived(package).operations["second"])


@pytest.mark.parametrize(
    "old, new, reason",
    [
        ('request("Straight")', 'request("Str" + "aight")', "with the operation"),
        ('request("Straight")', 'request("Str\\(isOpen)")', "with the operation"),
        ("_ = request(\"Straight\")", "let make = request\n        _ = make(\"Straight\", true)", "handed on, not called"),
        ("ServiceRequest(.demo,", "ServiceRequest(AWSService(String(\"demo\")),", "of the service"),
    ],
)
def test_an_operation_that_cannot_be_told_is_refused(package, old, new, reason):
    only(package, "second")
    change(package, "Sources/AWS/ServiceRequest.swift", old, new)
    with pytest.raises(IndexStoreError, match=reason):
        derived(package)


def test_requests_that_are_signed_past_the_client_are_refused(package):
    only(package, "second")
    path = package / "Sources" / "AWS" / "Signing.swift"
    path.write_text("struct SignatureV4 { init(_ key: String) {} }\nfunc sign() { _ = SignatureV4(\"key\") }\n")
    with pytest.raises(IndexStoreError, match="Signing.swift:2: signs requests of its own"):
        derived(package)


def test_an_exception_keeps_a_call_from_counting(unchanged):
    away = Uncalled("First.handle()", "withNested()", ("first",), (), "a setting that is never made")
    made = derived(unchanged, (away,))
    assert names(made.operations["first"]) == FIRST - {"Nested", "Deferred"}
    assert made.faults == []


@pytest.mark.parametrize(
    "caller, callee, job",
    [
        ("First.handle()", "gone()", "first"),
        ("First.handle()", "withNested()", "second"),
        # It happens, but nothing comes of it that a permission is for.
        ("First.handle()", "each(_:)", "second"),
    ],
)
def test_an_exception_that_matches_nothing_is_a_fault(unchanged, caller, callee, job):
    fault, = derived(unchanged, (Uncalled(caller, callee, (job,), (), "a reason"),)).faults
    assert fault.startswith(f"{job}: an exception matches nothing")


def test_an_exception_whose_ground_is_gone_is_a_fault(unchanged):
    away = Uncalled("First.handle()", "withNested()", ("first",), (NeverReached("MadeStore"),), "a reason")
    assert derived(unchanged, (away,)).faults == [
        "first: First.handle() may call withNested() after all: MadeStore is made"]


def test_sources_newer_than_the_index_are_refused(unchanged):
    new = unchanged / "Sources" / "Jobs" / "New.swift"
    new.write_text("func new() {}\n")
    try:
        with pytest.raises(IndexStoreError, match="is not in the index: run swift build"):
            derived(unchanged)
    finally:
        new.unlink()
    touched = unchanged / "Sources" / "Jobs" / "Store.swift"
    before = touched.stat().st_mtime
    os.utime(touched, (before + 3600, before + 3600))
    try:
        with pytest.raises(IndexStoreError, match="Store.swift is newer than the index: run swift build"):
            derived(unchanged)
    finally:
        os.utime(touched, (before, before))


def test_records_of_sources_that_are_gone_do_not_count(unchanged):
    main = unchanged / "lambdas" / "second" / "main.swift"
    main.rename(unchanged / "aside")
    try:
        assert derived(unchanged).jobs == ["first"]
    finally:
        (unchanged / "aside").rename(main)


def test_a_folder_that_is_no_index_is_refused(tmp_path):
    with pytest.raises(IndexStoreError, match="run swift build"):
        IndexStore(tmp_path / "nothing").units([])
