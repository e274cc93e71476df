"""A process that changes, fills and expires tables as told call by call, and what independent readers see in them."""

import json
from pathlib import Path

from conformance_calls import ConformanceCalls
from support import duckdb_connection, sql_catalog


class EvolutionCalls(ConformanceCalls):
    """`conformance evolution` in a function's environment; a folder stands for a local lake in it."""

    def __init__(self, lake: Path | dict):
        environment = (
            lake
            if isinstance(lake, dict)
            else {"LAKE_CATALOG": f"sqlite://{lake}/catalog.db", "LAKE_WAREHOUSE": f"file://{lake}"}
        )
        super().__init__("evolution", environment)

    def __call__(self, call: str, table: str, **members) -> dict:
        self.send(json.dumps({"call": call, "table": table, **members}))
        return self.answer()

    def evolve(self, table: str, *changes: dict) -> dict:
        return self.ok("evolve", table, changes=list(changes))


def change(kind: str, **members) -> dict:
    return {"change": kind, **members}


def key(row: dict) -> str:
    return repr(sorted((name, value) for name, value in row.items()))


def by_pyiceberg(table) -> list[dict]:
    return sorted(table.scan().to_arrow().to_pylist(), key=key)


def by_duckdb(table, connection=None) -> list[dict]:
    connection = connection or duckdb_connection()
    relation = connection.execute(f"select * from iceberg_scan('{table.metadata_location}')")
    names = [column[0] for column in relation.description]
    return sorted((dict(zip(names, row)) for row in relation.fetchall()), key=key)


def local_table(lake: Path, name: str):
    return sql_catalog(lake).load_table(name)
