"""The zips that `./build.sh package` writes: what is in them, that they come out the same, and what is refused."""

import hashlib
import os
import random
import re
import shutil
import ssl
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from isolation import DIST
from support import ROOT

RELEASE = Path(os.environ.get("SWIFTLAKE_STATIC_BIN", ROOT / ".build-static" / "release"))
ZIP = DIST / "kinesis-ingest.zip"
AMAZON_ROOTS = [
    "Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
]  # fmt: skip


@pytest.fixture
def content() -> dict[str, bytes]:
    assert ZIP.exists(), f"{ZIP} is missing: run ./build.sh package"
    with zipfile.ZipFile(ZIP) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def certificates() -> Path:
    """Debian's certificates as the zips take them."""
    return Path(run(ROOT / "packaging" / "ca-certificates.sh", ROOT / ".build-libraries").stdout.strip())


def run(*command, check=True, **options) -> subprocess.CompletedProcess:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done


def package(into: Path, certificates: Path, *executables, definition=ROOT / "lake.json", check=True):
    return run(
        sys.executable, ROOT / "packaging" / "package.py", "--definition", definition, "--certificates", certificates,
        "--into", into, *executables, check=check,
    )  # fmt: skip


def refusal(into: Path, certificates: Path, executable: Path, **options) -> str:
    """Why an executable is refused; it must be, and an older zip of its name must be gone."""
    stale = into / f"{executable.name}.zip"
    stale.write_bytes(b"an older zip")
    done = package(into, certificates, executable, check=False, **options)
    assert done.returncode == 1 and not stale.exists(), done
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def compiled(folder: Path, source: str, *options, name="function") -> Path:
    """A small C program, or what the options make of it."""
    (folder / "source.c").write_text(source)
    run("cc", "-o", folder / name, folder / "source.c", *options)
    return folder / name


# What tells a Swift executable that has its symbols: String's.
SWIFT = 'void of_swift(void) __asm__("$sSS"); void of_swift(void) {} int main(void) { return 0; }'


def test_a_zip_holds_what_lambda_needs_and_nothing_else(content):
    assert set(content) == {"bootstrap", "lake.json", "certificates/amazon.pem", "certificates/all.pem"}
    assert content["lake.json"] == (ROOT / "lake.json").read_bytes()
    with zipfile.ZipFile(ZIP) as archive:
        modes = {entry.filename: oct(entry.external_attr >> 16) for entry in archive.infolist()}
        assert modes.pop("bootstrap") == "0o100755" and set(modes.values()) == {"0o100644"}
        assert all(entry.create_system == 3 for entry in archive.infolist())
    print(f"{ZIP.stat().st_size:,} bytes, bootstrap {len(content['bootstrap']):,}")
    assert ZIP.stat().st_size <= 8_000_000


def test_bootstrap_is_static_and_stripped(content, tmp_path):
    bootstrap = tmp_path / "bootstrap"
    bootstrap.write_bytes(content["bootstrap"])
    assert "INTERP" not in run("readelf", "--program-headers", "--wide", bootstrap).stdout
    assert "NEEDED" not in run("readelf", "--dynamic", "--wide", bootstrap).stdout
    assert "no symbols" in run("nm", bootstrap).stderr
    assert str(ROOT).encode() not in content["bootstrap"], "the path of the build has found its way into the binary"


def test_no_parser_of_regular_expressions_is_linked():
    """One call of String.contains(_:) with a text, or firstRange(of:), brings it, and half a megabyte of the zip."""
    symbols = run("nm", RELEASE / "kinesis-ingest").stdout
    assert "$s4Lake" in symbols, "the symbols must be there to be searched"
    assert "$s12_RegexParser" not in symbols, "search text with StringProtocol.holds(_:) and its like in Sources/AWS/Text"


def test_the_certificates_are_debians_and_amazons_are_among_them(content, tmp_path):
    for name in ("amazon.pem", "all.pem"):
        (tmp_path / name).write_bytes(content[f"certificates/{name}"])
    amazon, whole = (loaded(tmp_path / name) for name in ("amazon.pem", "all.pem"))
    names = [dict(pair for part in root["subject"] for pair in part)["commonName"] for root in amazon]
    assert sorted(names) == AMAZON_ROOTS
    assert len(whole) > 100 and all(root in whole for root in amazon)


def loaded(path: Path) -> list[dict]:
    """The certificates that OpenSSL finds in a file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(path)
    return context.get_ca_certs()


def test_the_same_inputs_give_the_same_bytes(certificates, tmp_path):
    elsewhere = tmp_path / "kinesis-ingest"
    shutil.copy(RELEASE / "kinesis-ingest", elsewhere)
    shown = package(tmp_path, certificates, elsewhere).stdout
    assert (tmp_path / "kinesis-ingest.zip").read_bytes() == ZIP.read_bytes()
    assert re.search(r"kinesis-ingest\.zip  \d\.\d\d MB, of it bootstrap \d+\.\d\d MB unpacked", shown), shown


@pytest.mark.long
def test_two_clones_give_the_same_zip(tmp_path):
    digests = set()
    commit = run("git", "-C", ROOT, "rev-parse", "HEAD").stdout.strip()
    for folder in ("one", "another/and/deeper"):
        clone = tmp_path / folder
        run("git", "clone", "--quiet", ROOT, clone)
        run("git", "-C", clone, "checkout", "--quiet", commit)
        run(clone / "build.sh", "package", "kinesis-ingest")
        digests.add(hashlib.sha256((clone / "dist" / "kinesis-ingest.zip").read_bytes()).hexdigest())
        shutil.rmtree(clone)
    assert len(digests) == 1
    print(f"built twice: {digests}")


def test_a_static_executable_is_packed(certificates, tmp_path):
    package(tmp_path, certificates, compiled(tmp_path, SWIFT, "-static"))
    assert (tmp_path / "function.zip").exists()


def test_what_wants_a_loader_or_a_library_is_refused(certificates, tmp_path):
    dynamic = compiled(tmp_path, SWIFT)
    assert "PT_INTERP" in refusal(tmp_path, certificates, dynamic)
    without_loader = compiled(tmp_path, SWIFT, "-shared", "-fPIC", "-Wl,--no-as-needed", "-lm", name="library")
    assert "DT_NEEDED" in refusal(tmp_path, certificates, without_loader)
    not_elf = tmp_path / "script"
    not_elf.write_text("#!/bin/sh\n")
    assert "no 64-bit little-endian ELF" in refusal(tmp_path, certificates, not_elf)


@pytest.mark.parametrize("symbol", ["$s10Foundation4DataV", "$s20FoundationEssentials3URLV", "$s14_FoundationICU1aV"])
def test_what_links_foundation_is_refused(symbol, certificates, tmp_path):
    source = SWIFT + f'void found(void) __asm__("{symbol}"); void found(void) {{}}'
    assert f"links Foundation ({symbol})" in refusal(tmp_path, certificates, compiled(tmp_path, source, "-static"))


def test_what_cannot_be_searched_for_foundation_is_refused(certificates, tmp_path):
    assert "no Swift symbols" in refusal(tmp_path, certificates, compiled(tmp_path, SWIFT, "-static", "-s"))


def test_a_zip_above_the_limit_is_refused(certificates, tmp_path):
    definition = tmp_path / "lake.json"
    definition.write_bytes(random.Random(1).randbytes(8_000_000))
    said = refusal(tmp_path, certificates, compiled(tmp_path, SWIFT, "-static"), definition=definition)
    assert re.search(r"function\.zip takes 8,\d\d\d,\d\d\d bytes, of which 8,000,000 are allowed", said), said


def test_a_bundle_without_one_of_amazons_roots_is_refused(certificates, tmp_path):
    fewer = tmp_path / "certificates"
    shutil.copytree(certificates, fewer)
    (fewer / "Amazon_Root_CA_3.crt").unlink()
    assert "lacks Amazon Root CA 3" in refusal(tmp_path, fewer, compiled(tmp_path, SWIFT, "-static"))


@pytest.mark.parametrize("job", ["no-such-job", "", "../Sources", "."])
def test_a_job_that_there_is_not_is_told_with_those_that_there_are(job):
    done = run(ROOT / "build.sh", "package", job, check=False)
    assert done.returncode == 64
    assert done.stderr == f"build.sh: no job '{job}': there are {' '.join(sorted(os.listdir(ROOT / 'lambdas')))}\n"


@pytest.mark.parametrize("script, name, source", [
    ("libcurl.sh", "curl", "curl"), ("librdkafka.sh", "librdkafka", "librdkafka/trixie"),
])  # fmt: skip
def test_a_source_that_is_not_the_recorded_one_is_refused(script, name, source, tmp_path):
    """The build of a library, with a record that names other bytes for the version that Debian has."""
    scripts = tmp_path / "packaging"
    shutil.copytree(ROOT / "packaging", scripts)
    record = scripts / f"{name}.sha256"
    version = run(scripts / "debian.sh", "version", "source", source, ROOT / ".build-libraries").stdout.strip()
    record.write_text(f"{'0' * 64}  {name}_{version}.dsc\n")
    done = run(scripts / script, tmp_path / "libraries", check=False)
    assert done.returncode == 1 and f"is not what packaging/{name}.sha256 has recorded" in done.stderr


@pytest.mark.parametrize("kind", ["source", "package"])
def test_a_version_that_the_mirror_has_no_more_is_forgotten(kind, tmp_path):
    debian = ROOT / "packaging" / "debian.sh"
    run(debian, kind, "curl", "0", tmp_path / "work", check=False)  # writes the folder of apt, with an index of nothing
    stamps = [tmp_path / "apt" / "updated", tmp_path / "apt" / f"curl.{kind}.version"]
    for stamp in stamps:
        stamp.write_text("0\n")
    done = run(debian, kind, "curl", "0", tmp_path / "work", check=False)
    assert done.returncode == 1 and "curl 0 cannot be fetched" in done.stderr and "run this again" in done.stderr
    assert not any(stamp.exists() for stamp in stamps)


def test_another_release_of_debians_keeps_an_index_of_its_own(tmp_path):
    debian = ROOT / "packaging" / "debian.sh"
    for wrong in ("package curl/trixie", "source curl/../..", "source curl/"):
        kind, name = wrong.split()
        assert run(debian, "version", kind, name, tmp_path, check=False).returncode == 1
    libraries = ROOT / ".build-libraries"
    ours = run(debian, "version", "source", "curl", libraries).stdout.strip()
    other = run(debian, "version", "source", "librdkafka/trixie", libraries).stdout.strip()
    sources = (libraries / "apt-trixie" / "sources.list").read_text()
    assert "trixie main" in sources and "bookworm" not in sources and "\ndeb [" not in f"\n{sources}"
    print(f"curl {ours} of this release, librdkafka {other} of trixie")
