"""Calls that stand in the code and that no function deployed by terraform/ makes, each with what keeps it from happening.

Every one is checked: it must keep something from being reached that would need a permission, and what it rests on must hold
of the plan, or of the code.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A variable of the function's environment that has this value; None: that is not set."""

    name: str
    value: str | None


@dataclass(frozen=True)
class NeverReached:
    """Nothing of this type is made by the function's code."""

    type: str


@dataclass(frozen=True)
class DatabasesMade:
    """Terraform makes all databases of lake.json."""


@dataclass(frozen=True)
class Uncalled:
    """A call that does not happen in some jobs, of one function by another."""

    caller: str
    callee: str
    jobs: tuple[str, ...]
    rests_on: tuple[Setting | NeverReached | DatabasesMade, ...]
    reason: str


WITH_TABLES = (
    "bootstrap-tables", "detect-anomalies", "kafka-elastic", "kafka-ingest", "kinesis-ingest", "optimize-tables", "refresh-assets")
APPENDING = ("detect-anomalies", "kafka-elastic", "kafka-ingest", "kinesis-ingest", "refresh-assets")
ALL = (*WITH_TABLES, "bootstrap-topics", "edge-gateway", "poll-quotes", "simulate-sensors", "simulate-trades")

EXCEPTIONS = (
    Uncalled(
        "CredentialsChain.init(_:deadline:certificates:profiles:surroundings:)", "STS.assume(_:)", ALL,
        (NeverReached("AWSProfiles"),),
        "Roles are assumed for profiles of the shared files, which only the command line reads."),
    Uncalled(
        "Lake.table(_:)", "Lake.create(_:)", APPENDING, (Setting("LAKE_CREATE_TABLES", "0"),),
        "Tables belong to bootstrap-tables; a job that misses one fails."),
    Uncalled(
        "PlainTable.location(nowMs:)", "PlainTable.made(at:_:)", ("kafka-ingest", "kinesis-ingest"),
        (Setting("LAKE_CREATE_TABLES", "0"),), "The same, of tables of plain Parquet files."),
    Uncalled(
        "LakeConnections.catalog(_:_:_:)", "RESTCatalog.init(_:_:nowMs:newAuthorization:)", WITH_TABLES,
        (Setting("LAKE_CATALOG", "glue"),), "The catalog is Glue, and no Iceberg REST catalog."),
    Uncalled(
        "LakeConnections.catalog(_:_:_:)", "LakeConnections.authorization(_:_:)", WITH_TABLES,
        (Setting("LAKE_CATALOG", "glue"),), "Only a REST catalog has a secret of its own."),
    Uncalled(
        "BootstrapRun.databases()", "Catalog.createNamespace(_:comment:)", ("bootstrap-tables",), (DatabasesMade(),),
        "Databases belong to Terraform; this job makes one only where Glue has none of the name."),
    Uncalled(
        "GlueCatalog.create(_:_:)", "GlueCatalog.createNamespace(_:comment:)", ("bootstrap-tables",), (DatabasesMade(),),
        "The same, while a table is made."),
)
