#!/usr/bin/env python3
"""Runs a DuckDB script from standard input, and writes the answer of each query as a line of JSON.

The line is {"columns": […], "rows": [[…], …]}, with all values as text and NULL as null. The extensions iceberg, avro and
httpfs come from Python packages, so that no network is needed: the script's own INSTALL and LOAD are passed over.
"""

import importlib
import json
import sys

import duckdb

EXTENSIONS = ["avro", "httpfs", "iceberg"]


def connection() -> duckdb.DuckDBPyConnection:
    connected = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    for name in EXTENSIONS:
        folder = importlib.import_module(f"duckdb_extension_{name}").__path__[0]
        connected.execute(f"LOAD '{folder}/extensions/v{duckdb.__version__}/{name}.duckdb_extension'")
    return connected


def main() -> int:
    script = sys.stdin.read()
    try:
        connected = connection()
        for statement in connected.extract_statements(script):
            if statement.type == duckdb.StatementType.LOAD:
                continue
            answer = connected.execute(statement)
            if statement.type != duckdb.StatementType.SELECT:
                continue
            columns = [column[0] for column in answer.description]
            rows = [[None if value is None else str(value) for value in row] for row in answer.fetchall()]
            print(json.dumps({"columns": columns, "rows": rows}, ensure_ascii=False))
    except (duckdb.Error, ImportError) as error:
        print(f"query.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
