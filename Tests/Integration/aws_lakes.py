"""Lakes on S3: what a function's environment says about one, and how pyiceberg and DuckDB open the same."""

import atexit
import os
import shutil
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from glue_shim import GlueShim
from readers import READINGS
from servers import ACCESS_KEY, REGION, SECRET_KEY, SeaweedFS
from support import ROOT, binary, duckdb_connection

KINDS = ("glue", "rest-oauth2", "rest-sigv4", "sqlite")


@cache
def packaged(job: str) -> str:
    """The program that is shipped: `bootstrap` of the job's zip, where SWIFTLAKE_DIST names the folder of the zips, else
    the one that was built."""
    folder = os.environ.get("SWIFTLAKE_DIST")
    if folder is None:
        return binary(job)
    unpacked = Path(tempfile.mkdtemp(prefix=f"{job}-"))
    atexit.register(shutil.rmtree, unpacked, ignore_errors=True)
    with zipfile.ZipFile(ROOT / folder / f"{job}.zip") as archive:
        archive.extractall(unpacked)
    (unpacked / "bootstrap").chmod(0o755)
    return str(unpacked / "bootstrap")


class AWSLake:
    """One empty lake in a bucket of its own. Endpoints can be exchanged for proxies' in `endpoints`, by service: "s3",
    "glue", "rest"."""

    def __init__(self, kind: str, seaweedfs: SeaweedFS, glue: GlueShim | None = None, folder: Path | None = None):
        self.kind = kind
        self.seaweedfs = seaweedfs
        self.folder = folder
        self.bucket = seaweedfs.new_table_bucket() if kind.startswith("rest") else seaweedfs.new_bucket()
        self.warehouse = f"s3://{self.bucket}" + ("" if kind.startswith("rest") else "/warehouse")
        self.endpoints = {"s3": seaweedfs.s3_endpoint, "rest": seaweedfs.rest_endpoint}
        if glue is not None:
            self.endpoints["glue"] = glue.endpoint

    @property
    def catalog_service(self) -> str | None:
        """The service that holds the tables' pointers, or none."""
        return {"glue": "glue", "sqlite": None}.get(self.kind, "rest")

    def environment(self, endpoints: dict | None = None, **changes) -> dict:
        """A function's environment; a change to None takes a variable away."""
        at = {**self.endpoints, **(endpoints or {})}
        made = {
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_ENDPOINT_URL_S3": at["s3"],
            "LAKE_WAREHOUSE": self.warehouse,
            "LAKE_CREATE_TABLES": "1",
        }
        if self.kind == "glue":
            made |= {"LAKE_CATALOG": "glue", "AWS_ENDPOINT_URL_GLUE": at["glue"]}
        elif self.kind == "rest-oauth2":
            made |= {"LAKE_CATALOG": at["rest"], "LAKE_CATALOG_CREDENTIAL": f"{ACCESS_KEY}:{SECRET_KEY}"}
        elif self.kind == "rest-sigv4":
            made |= {"LAKE_CATALOG": at["rest"] + "?sigv4=s3tables"}
        else:
            made |= {"LAKE_CATALOG": f"sqlite:///{self.folder}/catalog.db"}
        return {name: value for name, value in {**made, **changes}.items() if value is not None}

    def catalog(self, endpoints: dict | None = None):
        """The lake as pyiceberg opens it."""
        at = {**self.endpoints, **(endpoints or {})}
        files = {
            "s3.endpoint": at["s3"], "s3.region": REGION, "s3.access-key-id": ACCESS_KEY,
            "s3.secret-access-key": SECRET_KEY, "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
        }  # fmt: skip
        if self.kind == "glue":
            from pyiceberg.catalog.glue import GlueCatalog

            keys = {"glue.access-key-id": ACCESS_KEY, "glue.secret-access-key": SECRET_KEY}
            return GlueCatalog("glue", **{"glue.endpoint": at["glue"], "glue.region": REGION}, **keys, **files)
        if self.kind == "sqlite":
            from pyiceberg.catalog.sql import SqlCatalog

            uri = f"sqlite:///{self.folder}/catalog.db"
            return SqlCatalog("swiftlake", uri=uri, warehouse=self.warehouse, **files)
        from pyiceberg.catalog.rest import RestCatalog

        if self.kind == "rest-oauth2":
            access = {"credential": f"{ACCESS_KEY}:{SECRET_KEY}", "oauth2-server-uri": at["rest"] + "/v1/oauth/tokens"}
        else:
            access = {
                "rest.sigv4-enabled": "true", "rest.signing-name": "s3tables", "rest.signing-region": REGION,
                "client.access-key-id": ACCESS_KEY, "client.secret-access-key": SECRET_KEY, "client.region": REGION,
            }  # fmt: skip
        return RestCatalog("rest", uri=at["rest"], warehouse=f"s3://{self.bucket}", **access, **files)

    def table(self, name: str = READINGS):
        return self.catalog().load_table(name)

    def exists(self, name: str = READINGS) -> bool:
        if self.kind == "sqlite" and not (self.folder / "catalog.db").exists():
            return False
        return self.catalog().table_exists(name)

    def rows(self, name: str = READINGS) -> list[tuple]:
        """The table's rows, sorted, on which pyiceberg and DuckDB must agree; none if there is no table yet."""
        if not self.exists(name):
            return []
        table = self.table(name)
        by_pyiceberg = sorted((tuple(row.values()) for row in table.scan().to_arrow().to_pylist()), key=repr)
        if not table.snapshots():
            return by_pyiceberg
        by_duckdb = sorted(self.duckdb_rows(table.metadata_location), key=repr)
        assert by_pyiceberg == by_duckdb, f"pyiceberg and DuckDB disagree about {name}"
        return by_pyiceberg

    def duckdb_rows(self, metadata_location: str) -> list[tuple]:
        connection = duckdb_connection()
        endpoint = self.endpoints["s3"].removeprefix("http://")
        connection.execute(
            f"CREATE SECRET (TYPE s3, KEY_ID '{ACCESS_KEY}', SECRET '{SECRET_KEY}', REGION '{REGION}', "
            f"ENDPOINT '{endpoint}', URL_STYLE 'path', USE_SSL false)"
        )
        return connection.execute(f"select * from iceberg_scan('{metadata_location}')").fetchall()

    def keys(self) -> set[str]:
        """Every file of the lake, as a location."""
        return {f"s3://{self.bucket}/{key}" for key in self.seaweedfs.keys(self.bucket)}

    def referenced(self, name: str = READINGS) -> set[str]:
        """Every file that the table's metadata of any age or snapshot refers to, by pyiceberg."""
        table = self.table(name)
        found = {table.metadata_location} | {entry.metadata_file for entry in table.metadata.metadata_log}
        for snapshot in table.snapshots():
            found.add(snapshot.manifest_list)
            for manifest in snapshot.manifests(table.io):
                found.add(manifest.manifest_path)
                found |= {e.data_file.file_path for e in manifest.fetch_manifest_entry(table.io, discard_deleted=False)}
        return found
