"""Runs the packaged kinesis-ingest in a root of its own, without a network but loopback:
isolated_function.py ROOT LAKE FOLDER, with ROOT empty or bullseye, and LAKE local, or a kind of lake on S3.

The lakes on S3 are reached by host name over TLS: a name server and an authority of our own, no NSS configuration in the
empty root, and in bullseye Debian's, with a resolv.conf that names another address than c-ares assumes."""

import sys
from pathlib import Path

from authority import Authority
from isolation import DNS_ELSEWHERE, NameServer, TLSFront, bullseye_root, empty_root, loopback_up
from runtime_api import Function
from sensors import kinesis_event, readings

SAMPLE = Path(__file__).resolve().parents[2] / "events" / "kinesis.json"
S3, GLUE = "s3.lake.test", "glue.lake.test"


def local(root, bootstrap: str):
    """A sample event into files of the root."""
    lake = root.outside("/tmp/lake")
    lake.mkdir()
    environment = {"LAKE_CATALOG": "sqlite:////tmp/lake/catalog.db", "LAKE_WAREHOUSE": "file:///tmp/lake/warehouse"}
    with Function("kinesis-ingest", None, environment, root.command(), bootstrap) as function:
        outcome = function.invoke(SAMPLE.read_bytes())
        assert outcome.reply == {"batchItemFailures": []}, (outcome, function.log_text())
    import pyarrow.parquet

    files = list((lake / "warehouse" / "iot_db" / "sensor_readings").rglob("*.parquet"))
    rows = sum(pyarrow.parquet.read_metadata(path).num_rows for path in files)
    assert files and rows > 0, sorted(lake.rglob("*"))
    print(f"{rows} rows in {len(files)} files")


def on_aws(root, bootstrap: str, kind: str, folder: Path, names: NameServer):
    """Readings into a bucket, through a catalog, both found by name; read back by pyiceberg."""
    from aws_lakes import AWSLake
    from glue_shim import GlueShim
    from servers import Moto, SeaweedFS

    authority = Authority(folder, "authority")
    authority.install(root.outside("/tmp/authority.pem"))
    with SeaweedFS() as seaweedfs, Moto() as moto, GlueShim(moto.endpoint) as glue:
        (folder / "catalog").mkdir()
        lake = AWSLake(kind, seaweedfs, glue, root.outside("/tmp"))
        fronts = {"s3": TLSFront(authority, S3, seaweedfs.s3_port), "glue": TLSFront(authority, GLUE, glue.port)}
        environment = lake.environment({service: front.endpoint for service, front in fronts.items()})
        if kind == "sqlite":
            environment["LAKE_CATALOG"] = "sqlite:////tmp/catalog.db"
        environment["AWS_CA_BUNDLE"] = "/tmp/authority.pem"
        with Function("kinesis-ingest", None, environment, root.command(), bootstrap) as function:
            for first in (0, 100):
                outcome = function.invoke(kinesis_event(readings(100), first))
                assert outcome.reply == {"batchItemFailures": []}, (outcome, function.log_text())
        rows = lake.catalog().load_table("iot_db.sensor_readings").scan().to_arrow().num_rows
        assert rows == 200, rows
        hosts = {S3, GLUE} if kind == "glue" else {S3}
        assert {name for name, _ in names.asked} == hosts, names.asked
        shown = ", ".join(f"{front.name}: {front.handshakes} handshakes" for front in fronts.values())
        print(f"{rows} rows; {shown}; asked for {names.asked}")


def main(root_kind: str, lake_kind: str, folder: Path):
    loopback_up()
    if root_kind == "empty":
        root, bootstrap = empty_root(folder, "kinesis-ingest"), "/function/bootstrap"
        names = NameServer({S3, GLUE})
    else:
        root, bootstrap = bullseye_root(folder, "kinesis-ingest"), "/srv/bootstrap"
        names = NameServer({S3, GLUE}, DNS_ELSEWHERE)
    root.enter()
    if lake_kind == "local":
        local(root, bootstrap)
    else:
        on_aws(root, bootstrap, lake_kind, folder, names)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
