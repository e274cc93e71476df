"""Every type × encoding × codec × null pattern × page boundary, then seeded random files: PyArrow and DuckDB read
back exactly the values that went in, and the footer says of them what is true."""

import json
import math
import os
import struct

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from support import conformance

FILES_OF_MATRIX = 4 * 3 * 5 + 1
SEED, RANDOM_FILES = os.environ.get("SWIFTLAKE_SEED", "1"), 60

LOGICAL = {
    "boolean": ("BOOLEAN", None, "bool"),
    "int": ("INT32", None, "int32"),
    "long": ("INT64", None, "int64"),
    "float": ("FLOAT", None, "float"),
    "double": ("DOUBLE", None, "double"),
    "date": ("INT32", "DATE", "date32[day]"),
    "timestamp": ("INT64", "TIMESTAMP_MICROS", "timestamp[us]"),
    "timestamptz": ("INT64", "TIMESTAMP_MICROS", "timestamp[us, tz=UTC]"),
    "string": ("BYTE_ARRAY", "UTF8", "string"),
    "binary": ("BYTE_ARRAY", None, "binary"),
}
INTEGERS = ("int", "long", "date", "timestamp", "timestamptz")
WIDTHS = {"float": ("<f", "<I"), "double": ("<d", "<Q")}


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("matrix")
    conformance("parquet-matrix", folder, SEED, RANDOM_FILES)
    files = [json.loads(line) for line in (folder / "expected.jsonl").read_text().splitlines()]
    assert len(files) == FILES_OF_MATRIX + RANDOM_FILES
    print(f"PyArrow {pyarrow.__version__}, DuckDB {duckdb.__version__}, seed {SEED}, {len(files)} files")
    return [(folder / f"{file['name']}.parquet", file) for file in files]


def value(kind, written):
    """A value as the conformance program wrote it, in a form that compares exactly: floats as their bits."""
    if written is None or kind in ("boolean", "string"):
        return written
    if kind in WIDTHS:
        return int(written, 16)
    return bytes.fromhex(written) if kind == "binary" else int(written)


def number(kind, bits):
    """The float of some bits."""
    return struct.unpack(WIDTHS[kind][0], struct.pack(WIDTHS[kind][1], bits))[0]


def order(kind, values):
    """Values that have an order, sorted: nulls and NaNs left out, −0.0 before +0.0."""
    values = [item for item in values if item is not None]
    if kind not in WIDTHS:
        return sorted(values)
    numbers = [item for item in values if not math.isnan(number(kind, item))]
    return sorted(numbers, key=lambda bits: (number(kind, bits), math.copysign(1, number(kind, bits))))


def plain(kind, item):
    """PLAIN bytes without a length."""
    if kind in WIDTHS:
        return struct.pack(WIDTHS[kind][1], item)
    if kind == "boolean":
        return bytes([item])
    if kind in INTEGERS:
        return struct.pack("<i" if kind in ("int", "date") else "<q", item)
    return item.encode() if kind == "string" else item


def arrow_values(kind, column):
    if kind in INTEGERS or kind in WIDTHS:
        width = pyarrow.int32() if kind in ("int", "date", "float") else pyarrow.int64()
        column = pyarrow.chunked_array([chunk.view(width) for chunk in column.chunks], width)
        values = column.to_pylist()
        mask = (1 << width.bit_width) - 1
        return [item & mask if item is not None and kind in WIDTHS else item for item in values]
    return column.to_pylist()


def test_pyarrow_reads_every_value(matrix):
    compared = 0
    for path, file in matrix:
        reader = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True)
        table = reader.read()
        assert table.num_rows == file["rows"] == reader.metadata.num_rows
        for column in file["columns"]:
            expected = [value(column["type"], item) for item in column["values"]]
            assert arrow_values(column["type"], table[column["name"]]) == expected, (path.name, column["name"])
            compared += len(expected)
        table.validate(full=True)
    print(f"PyArrow {pyarrow.__version__}: {compared} values")
    assert compared > 400_000


def test_a_flipped_byte_of_a_page_is_noticed(matrix, tmp_path):
    path, file = next(entry for entry in matrix if entry[1]["name"] == "plain-none-default")
    damaged = bytearray(path.read_bytes())
    chunk = pyarrow.parquet.read_metadata(path).row_group(0).column(0)
    damaged[chunk.data_page_offset + chunk.total_compressed_size - 1] ^= 1
    (tmp_path / "damaged.parquet").write_bytes(damaged)
    with pytest.raises(OSError, match="CRC"):
        pyarrow.parquet.ParquetFile(tmp_path / "damaged.parquet", page_checksum_verification=True).read()


def duckdb_query(column):
    name, kind = f'"{column["name"]}"', column["type"]
    if kind == "date":
        return f"{name} - DATE '1970-01-01'"
    return f"epoch_us({name})" if kind.startswith("timestamp") else name


def test_duckdb_reads_every_value(matrix):
    connection = duckdb.connect()
    compared = 0
    for path, file in matrix:
        columns = ", ".join(duckdb_query(column) for column in file["columns"])
        rows = connection.execute(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()
        assert len(rows) == file["rows"]
        for index, column in enumerate(file["columns"]):
            kind = column["type"]
            for row, written in zip(rows, column["values"]):
                found, expected = row[index], value(kind, written)
                if expected is not None and kind in WIDTHS:
                    expected = number(kind, expected)
                    same = math.isnan(found) if math.isnan(expected) else (
                        found == expected and math.copysign(1, found) == math.copysign(1, expected))
                    assert same, (path.name, column["name"], found, expected)
                else:
                    assert found == expected, (path.name, column["name"])
                compared += 1
    print(f"DuckDB {duckdb.__version__}: {compared} values")
    assert compared > 400_000


def test_schema_types_and_field_ids(matrix):
    for path, file in matrix:
        reader = pyarrow.parquet.ParquetFile(path)
        # PyArrow shows the converted type that it derives from the logical type; DuckDB shows what the file holds.
        converted_types = [row[0] for row in duckdb.execute(
            f"SELECT converted_type FROM parquet_schema('{path}')").fetchall()[1:]]
        for index, column in enumerate(file["columns"]):
            described = reader.schema.column(index)
            physical, converted, arrow = LOGICAL[column["type"]]
            assert described.physical_type == physical
            assert converted_types[index] == converted
            assert described.max_definition_level == (0 if column["required"] else 1)
            assert described.max_repetition_level == 0
            field = reader.schema_arrow.field(index)
            assert str(field.type) == arrow and field.nullable != column["required"]
            assert field.metadata[b"PARQUET:field_id"] == str(column["id"]).encode()
            if column["type"].startswith("timestamp"):
                logical = json.loads(described.logical_type.to_json())
                assert logical["isAdjustedToUTC"] == (column["type"] == "timestamptz")
                assert logical["timeUnit"] == "microseconds"


def test_footer(matrix):
    for path, file in matrix:
        footer = pyarrow.parquet.read_metadata(path)
        assert footer.created_by == "swiftlake version 0.1.0 (build release)"
        assert footer.metadata[b"matrix"].decode() == file["name"]
        assert footer.metadata[b"unicode"].decode() == "grüße"
        groups = [footer.row_group(index) for index in range(footer.num_row_groups)]
        starts = [group.column(0).dictionary_page_offset or group.column(0).data_page_offset for group in groups]
        assert file["splitOffsets"] == starts
        for group in groups:
            assert [(item.column_index, item.descending, item.nulls_first) for item in group.sorting_columns] == [
                (0, True, True)
            ]
            assert all(group.column(index).has_offset_index for index in range(group.num_columns))
        if "row-groups" in file["name"]:
            assert len(groups) > 1
        if file["name"] == "empty":
            assert groups == []
        for index, column in enumerate(file["columns"]):
            assert column["compressedSize"] == sum(group.column(index).total_compressed_size for group in groups)


def test_encodings_and_codecs(matrix):
    for path, file in matrix:
        encoding, codec, layout = (file["name"].split("-", 2) + ["", ""])[:3]
        if encoding in ("random", "empty"):
            continue
        footer = pyarrow.parquet.read_metadata(path)
        for group in range(footer.num_row_groups):
            for index, column in enumerate(file["columns"]):
                chunk = footer.row_group(group).column(index)
                assert chunk.compression == {"none": "UNCOMPRESSED"}.get(codec, codec.upper())
                has_dictionary = "RLE_DICTIONARY" in chunk.encodings
                assert has_dictionary == chunk.has_dictionary_page
                if encoding in ("plain", "limit") or column["type"] == "boolean":
                    assert not has_dictionary
                if encoding == "dictionary" and layout == "default" and column["name"].split("_")[1] == "required":
                    assert has_dictionary or column["type"] == "boolean", (path.name, column["name"])


def test_metrics(matrix):
    for path, file in matrix:
        for column in file["columns"]:
            kind = column["type"]
            values = [value(kind, item) for item in column["values"]]
            assert column["metricsID"] == column["id"]
            assert column["valueCount"] == len(values)
            assert column["nullCount"] == values.count(None)
            ordered = order(kind, values)
            if kind in WIDTHS:
                assert column["nanCount"] == len(values) - values.count(None) - len(ordered)
            else:
                assert "nanCount" not in column
            assert column.get("lower") == (plain(kind, ordered[0]).hex() if ordered else None), (path.name, column["name"])
            assert column.get("upper") == (plain(kind, ordered[-1]).hex() if ordered else None)


def chunk_statistics(path):
    """Minimum, maximum and whether they are exact of every chunk, as DuckDB prints them."""
    rows = duckdb.execute(
        "SELECT row_group_id, path_in_schema, stats_null_count, stats_min_value, stats_max_value, "
        f"min_is_exact, max_is_exact FROM parquet_metadata('{path}')").fetchall()
    return {(row[0], row[1]): row[2:] for row in rows}


def test_chunk_statistics(matrix):
    truncated = 0
    for path, file in matrix:
        footer = pyarrow.parquet.read_metadata(path)
        printed = chunk_statistics(path)
        row = 0
        for group in range(footer.num_row_groups):
            rows = footer.row_group(group).num_rows
            for index, column in enumerate(file["columns"]):
                kind = column["type"]
                values = [value(kind, item) for item in column["values"][row:row + rows]]
                chunk = footer.row_group(group).column(index)
                statistics = chunk.statistics
                assert statistics.null_count == values.count(None)
                ordered = order(kind, values)
                if not ordered:
                    assert not statistics.has_min_max
                    continue
                name = (path.name, group, column["name"])
                if kind in ("string", "binary"):
                    truncated += check_strings(kind, ordered, printed[(group, column["name"])], file["statisticsLength"], name)
                    continue
                low, high = ordered[0], ordered[-1]
                if kind in WIDTHS:
                    low, high = number(kind, low), number(kind, high)
                    found = (statistics.min, statistics.max)
                    assert found == (low, high), name
                    assert low != 0 or math.copysign(1, found[0]) == -1, name
                    assert high != 0 or math.copysign(1, found[1]) == 1, name
                else:
                    found = (statistics.min_raw, statistics.max_raw)
                    assert found == (low, high), name
                assert printed[(group, column["name"])][3:] == (True, True)
            row += rows
    assert truncated > 100


def check_strings(kind, ordered, printed, length, name):
    """A bound is the value itself, or shorter and on the right side of it."""
    low, high = plain(kind, ordered[0]), plain(kind, ordered[-1])
    _, found_low, found_high, low_is_exact, high_is_exact = printed
    assert low_is_exact == (len(low) <= length), name
    assert found_high is not None, name
    if len(high) <= length:
        assert high_is_exact, name
    if kind == "string":
        assert found_low.encode() == low if low_is_exact else low.startswith(found_low.encode()), name
        assert (found_high.encode() == high) if high_is_exact else found_high.encode() > high, name
    return not low_is_exact


def file_has_nans(column):
    """Whether some page may hold nothing but NaNs, which have no place in a column index."""
    return column["nanCount"] > 0


def test_column_index_is_there_unless_a_page_forbids_it(matrix):
    present = 0
    for path, file in matrix:
        footer = pyarrow.parquet.read_metadata(path)
        for group in range(footer.num_row_groups):
            for index, column in enumerate(file["columns"]):
                if column["type"] in WIDTHS and file_has_nans(column):
                    continue
                assert footer.row_group(group).column(index).has_column_index, (path.name, column["name"])
                present += 1
    assert present > 1000


def test_rows_are_pruned_but_never_lost_by_filters(matrix):
    """DuckDB skips row groups by their statistics; a filter must find the same rows as without them."""
    connection = duckdb.connect()
    for path, file in matrix:
        if "row-groups" not in file["name"]:
            continue
        for column in file["columns"]:
            if column["type"] not in ("int", "long", "string") or not any(item is not None for item in column["values"]):
                continue
            values = [value(column["type"], item) for item in column["values"]]
            for wanted in sorted({item for item in values if item is not None})[::40]:
                found = connection.execute(
                    f"SELECT count(*) FROM read_parquet('{path}') WHERE \"{column['name']}\" = ?", [wanted]).fetchone()
                assert found[0] == values.count(wanted), (path.name, column["name"])
