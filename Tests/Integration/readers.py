"""What independent readers see in a lake: pyiceberg through the catalog, DuckDB through the metadata file alone."""

from pathlib import Path

from support import duckdb_connection, sql_catalog

READINGS = "iot_db.sensor_readings"
DEAD_LETTERS = "lake_db.dead_letters"


def pyiceberg_table(lake: Path, name: str = READINGS):
    return sql_catalog(lake).load_table(name)


def exists(lake: Path, name: str) -> bool:
    return (lake / "catalog.db").exists() and sql_catalog(lake).table_exists(name)


def pyiceberg_rows(lake: Path, name: str = READINGS) -> list[tuple]:
    return [tuple(row.values()) for row in pyiceberg_table(lake, name).scan().to_arrow().to_pylist()]


def duckdb_rows(lake: Path, name: str = READINGS) -> list[tuple]:
    location = pyiceberg_table(lake, name).metadata_location.removeprefix("file://")
    return duckdb_connection().execute(f"select * from iceberg_scan('{location}')").fetchall()


def rows(lake: Path, name: str = READINGS) -> list[tuple]:
    """The table's rows, sorted, on which both readers must agree; none if there is no table yet."""
    if not exists(lake, name):
        return []
    by_pyiceberg = sorted(pyiceberg_rows(lake, name), key=repr)
    if not pyiceberg_table(lake, name).snapshots():
        return by_pyiceberg
    by_duckdb = sorted(duckdb_rows(lake, name), key=repr)
    assert by_pyiceberg == by_duckdb, f"pyiceberg and DuckDB disagree about {name}"
    return by_pyiceberg


def data_files(lake: Path, name: str = READINGS) -> list[str]:
    return sorted(task.file.file_path for task in pyiceberg_table(lake, name).scan().plan_files())


def files_on_disk(lake: Path, suffix: str = "") -> list[str]:
    return sorted(str(path.relative_to(lake)) for path in lake.rglob(f"*{suffix}") if path.is_file())
