"""A warm process that keeps tables of a Glue or REST catalog, told call by call what to do, so that pyiceberg can commit
in between."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
from conformance_calls import ConformanceCalls


class CatalogCalls(ConformanceCalls):
    """`conformance catalog-calls` in a function's environment."""

    def __init__(self, environment: dict):
        super().__init__("catalog-calls", environment)

    def start(self, *words):
        """Sends a call without waiting for its answer."""
        self.send(" ".join(map(str, words)))

    def __call__(self, *words) -> dict:
        self.start(*words)
        return self.answer()


def rows_file(folder: Path, first: int, count: int) -> tuple[Path, int]:
    """A Parquet file of the columns id and word, with field ids, for an append."""
    schema = pa.schema(
        [
            pa.field("id", pa.int64(), metadata={"PARQUET:field_id": "1"}),
            pa.field("word", pa.string(), metadata={"PARQUET:field_id": "2"}),
        ]
    )
    ids = list(range(first, first + count))
    path = folder / f"{first}-{count}.parquet"
    parquet.write_table(pa.table([ids, [f"w{id}" for id in ids]], schema=schema), path)
    return path, count


def ids_of(table) -> list[int]:
    return sorted(table.scan().to_arrow()["id"].to_pylist())


def append_by_pyiceberg(table, first: int, count: int):
    """Rows through pyiceberg's own catalog, in the columns that the table has now."""
    ids = list(range(first, first + count))
    columns = {field.name: [None] * count for field in table.schema().fields} | {"id": ids}
    types = {field.name: pa.int64() if field.name == "id" else pa.string() for field in table.schema().fields}
    table.append(pa.table({name: pa.array(values, types[name]) for name, values in columns.items()}))
