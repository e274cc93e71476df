"""The zips' `bootstrap` where Lambda might put it: in a root with nothing else, on an old Debian, under AWS's emulator,
and with endpoints that are found by name only."""

import json
import subprocess

import pytest
from emulator import Emulator, emulator_path
from isolation import BULLSEYE, isolated, unpacked
from support import ROOT

ROOTS = ("empty", "bullseye")
SAMPLE = ROOT / "events" / "kinesis.json"


@pytest.fixture(scope="module", autouse=True)
def old_system():
    """Bullseye is what it is said to be."""
    version = subprocess.run(
        ["unshare", "--map-root-user", "chroot", BULLSEYE, "/usr/bin/ldd", "--version"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "2.31" in version.splitlines()[0], version
    print(f"checked on {version.splitlines()[0]}")


@pytest.mark.parametrize("root", ROOTS)
def test_a_sample_event_becomes_rows(root, tmp_path):
    print(isolated("isolated_function.py", root, "local", tmp_path))


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("lake", ["glue", "sqlite"])
def test_endpoints_are_reached_by_name(root, lake, tmp_path):
    print(isolated("isolated_function.py", root, lake, tmp_path))


def test_a_sample_event_becomes_rows_under_the_emulator(tmp_path):
    function, lake = tmp_path / "function", tmp_path / "lake"
    unpacked("kinesis-ingest", function)
    lake.mkdir()
    emulator = Emulator(
        tmp_path, str(function / "bootstrap"),
        LAKE_CATALOG=f"sqlite:///{lake}/catalog.db", LAKE_WAREHOUSE=f"file://{lake}/warehouse",
    )  # fmt: skip
    try:
        print(f"checked against {emulator_path()}")
        for _ in range(2):
            assert json.loads(emulator.invoke(json.loads(SAMPLE.read_text()))) == {"batchItemFailures": []}, emulator.lines()
    finally:
        emulator.close()
    from support import sql_catalog

    assert sql_catalog(lake).load_table("iot_db.sensor_readings").scan().to_arrow().num_rows == 5


@pytest.mark.parametrize("root", ROOTS)
def test_a_kafka_cluster_is_found_by_name(root, tmp_path):
    print(isolated("isolated_producer.py", root, tmp_path))


def test_the_static_libcurl_finds_names_by_itself(tmp_path):
    described = subprocess.run(
        [ROOT / "packaging" / "libcurl.sh", ROOT / ".build-libraries"], capture_output=True, text=True, check=True).stdout
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "libcurl"], env={"PATH": "/usr/bin:/bin", "PKG_CONFIG_PATH": described.strip()},
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    program = tmp_path / "fetch"
    source = ROOT / "Tests" / "Integration" / "fetch.c"
    subprocess.run(["cc", "-static", "-o", program, source, *flags], check=True, capture_output=True)
    print(isolated("isolated_fetch.py", program, tmp_path))
