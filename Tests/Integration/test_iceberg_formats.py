"""Metadata, manifest lists, manifests, transforms and bounds, judged by pyiceberg and fastavro."""

import base64
import gzip
import json
import random
import string
import struct
import uuid
from decimal import Decimal, getcontext
from pathlib import Path

import fastavro
import pyiceberg
import pytest
from pyiceberg import transforms
from pyiceberg.conversions import from_bytes, to_bytes
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat, ManifestEntry, ManifestEntryStatus
from pyiceberg.manifest import read_manifest_list, write_manifest, write_manifest_list
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table.metadata import TableMetadataUtil, new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER
from pyiceberg.transforms import parse_transform
from pyiceberg.typedef import Record
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FixedType,
    FloatType,
    IntegerType,
    ListType,
    LongType,
    MapType,
    NestedField,
    StringType,
    StructType,
    TimestampType,
    TimestamptzType,
    TimeType,
    UUIDType,
)
from pyiceberg.utils.truncate import truncate_upper_bound_binary_string, truncate_upper_bound_text_string

from support import conformance, duckdb_connection

getcontext().prec = 60
print(f"checked against pyiceberg {pyiceberg.__version__} and fastavro {fastavro.__version__}")

TYPES = {
    "boolean": BooleanType(),
    "int": IntegerType(),
    "long": LongType(),
    "float": FloatType(),
    "double": DoubleType(),
    "decimal(9,2)": DecimalType(9, 2),
    "decimal(38,10)": DecimalType(38, 10),
    "date": DateType(),
    "time": TimeType(),
    "timestamp": TimestampType(),
    "timestamptz": TimestamptzType(),
    "string": StringType(),
    "uuid": UUIDType(),
    "fixed[5]": FixedType(5),
    "binary": BinaryType(),
}
TIMES = {"timestamp": ["year", "month", "day", "hour"], "timestamptz": ["year", "month", "day", "hour"]}
SUITED = {
    name: ["identity"]
    + (["bucket[1]", "bucket[16]", "bucket[1000]"] if name not in ("boolean", "float", "double") else [])
    + (["truncate[1]", "truncate[10]"] if name in ("int", "long", "string", "binary") or "decimal" in name else [])
    + (TIMES.get(name) or (["year", "month", "day"] if name == "date" else []))
    for name in TYPES
}
ALPHABET = string.ascii_letters + " /%+éß中文\U0001f600\U00010000\ud7ff\ue000\uffff\U0010ffff"


def random_value(name: str, rng: random.Random):
    """A value as pyiceberg holds it: times as numbers, decimals exact."""
    kind = TYPES[name]
    if isinstance(kind, BooleanType):
        return rng.random() < 0.5
    if isinstance(kind, IntegerType):
        return rng.choice([0, 1, -1, 2**31 - 1, -(2**31) + 2000, rng.randint(-(2**31) + 2000, 2**31 - 1)])
    if isinstance(kind, LongType):
        return rng.choice([0, -1, 2**63 - 1, -(2**63) + 2000, rng.randint(-(2**63) + 2000, 2**63 - 1)])
    if isinstance(kind, FloatType):
        return struct.unpack("<f", struct.pack("<f", rng.uniform(-1e6, 1e6)))[0]
    if isinstance(kind, DoubleType):
        return rng.uniform(-1e12, 1e12)
    if isinstance(kind, DecimalType):
        digits = rng.randint(1, kind.precision)
        return Decimal(rng.randint(-(10**digits) + 1001, 10**digits - 1) if digits > 4 else rng.randint(-9, 9)).scaleb(
            -kind.scale
        )
    if isinstance(kind, DateType):
        return rng.choice([0, -1, -719162, 2932896, rng.randint(-719162, 2932896)])
    if isinstance(kind, TimeType):
        return rng.choice([0, 86_399_999_999, rng.randint(0, 86_399) * 1_000_000, rng.randint(0, 86_399_999_999)])
    if isinstance(kind, (TimestampType, TimestamptzType)):
        day = 86_400_000_000
        return rng.choice([0, -1, -3_600_000_000, rng.randint(-719162, 2932895) * day, rng.randint(-(10**16), 10**17)])
    if isinstance(kind, StringType):
        return "".join(rng.choice(ALPHABET) for _ in range(rng.randint(0, 24)))
    if isinstance(kind, UUIDType):
        return uuid.UUID(bytes=rng.randbytes(16))
    if isinstance(kind, FixedType):
        return rng.randbytes(5)
    return bytes(rng.choice([0xFF, 0, rng.randrange(256)]) for _ in range(rng.randint(0, 24)))


def table(partitions: list[tuple[str, str]], format_version=2, extra=()):
    """New metadata with a column of each type, as pyiceberg makes it."""
    fields = [NestedField(i + 1, f"c {n}", t, required=False) for i, (n, t) in enumerate(TYPES.items())]
    schema = Schema(*fields, *extra)
    ids = {name: i + 1 for i, name in enumerate(TYPES)}
    spec = PartitionSpec(
        *[
            PartitionField(source_id=ids[n], field_id=1000 + i, transform=parse_transform(t), name=f"p{i} {n}/{t}")
            for i, (n, t) in enumerate(partitions)
        ]
    )
    return new_table_metadata(
        schema, spec, UNSORTED_SORT_ORDER, "file:///lake/t", {"format-version": str(format_version), "k": "v\n\"é"}
    )


def rows(count: int, seed: int) -> list[dict[str, object]]:
    """Values by type name; some are null, and the last row holds none."""
    rng = random.Random(seed)
    made = [{n: random_value(n, rng) for n in TYPES if rng.random() > 0.2} for _ in range(count)]
    return [*made, {}]


def transformed(name: str, transform: str, value):
    """What pyiceberg makes of a value, as the single value of the result type."""
    parsed = parse_transform(transform)
    result = parsed.transform(TYPES[name])(value)
    if result is None:
        return None
    return to_bytes(parsed.result_type(TYPES[name]), result)


ALL = [(name, transform) for name, suited in SUITED.items() for transform in suited]


@pytest.mark.parametrize("name", TYPES)
def test_transforms_agree_on_random_values(name, tmp_path):
    rng = random.Random(f"transforms {name}")
    cases = [(t, random_value(name, rng)) for t in SUITED[name] for _ in range(1000)]
    lines = tmp_path / "in.jsonl"
    lines.write_text(
        "".join(
            json.dumps({"type": name, "transform": t, "value": to_bytes(TYPES[name], v).hex()}) + "\n"
            for t, v in cases
        )
    )
    answers = [json.loads(x) for x in conformance("iceberg-formats", "transforms", lines).stdout.splitlines()]
    assert len(answers) == len(cases)
    for (transform, value), answer in zip(cases, answers):
        assert answer["value"] == transformed(name, transform, value).hex(), (transform, value)
        if name in ("float", "double") or "decimal(38" in name:
            continue  # Python writes exponents, and small decimals, in its own way
        parsed = parse_transform(transform)
        result = parsed.transform(TYPES[name])(value)
        human = parsed.to_human_string(TYPES[name] if transform == "identity" else parsed.result_type(TYPES[name]), result)
        if name == "boolean":
            human = human.lower()
        if isinstance(result, bytes):
            human = base64.b64encode(result).decode()
        if "decimal" in name and transform.startswith("truncate"):
            human = f"{result:f}"
        assert answer["human"] == human, (transform, value)


@pytest.mark.parametrize("name", ["string", "binary"])
def test_bounds_are_cut_as_pyiceberg_cuts_them(name, tmp_path):
    rng = random.Random(f"bounds {name}")
    edges = ["\U0010ffff" * 20, "\ud7ff" * 20, "a" * 15 + "\U0010ffff" * 3] if name == "string" else [b"\xff" * 20]
    cases = [(v, n) for v in edges for n in (1, 15, 16)]
    cases += [(random_value(name, rng), rng.choice([1, 2, 3, 16])) for _ in range(3000)]
    lines = tmp_path / "in.jsonl"
    encoded = [(v.encode() if isinstance(v, str) else v) for v, _ in cases]
    lines.write_text(
        "".join(json.dumps({"type": name, "value": e.hex(), "length": n}) + "\n" for e, (_, n) in zip(encoded, cases))
    )
    answers = [json.loads(x) for x in conformance("iceberg-formats", "bounds", lines).stdout.splitlines()]
    assert len(answers) == len(cases)
    for (value, length), whole, answer in zip(cases, encoded, answers):
        lower = value[:length].encode() if isinstance(value, str) else value[:length]
        assert answer["lower"] == lower.hex()
        upper = None if answer["upper"] is None else bytes.fromhex(answer["upper"])
        assert upper is None or upper >= whole, (value, length)
        if isinstance(value, str):
            expected = truncate_upper_bound_text_string(value, length)
            if expected is not None:
                # pyiceberg raises U+D7FF to a surrogate, which is no text; the next scalar value is U+E000
                expected = expected.replace("\ud800", "\ue000").encode()
        else:
            expected = truncate_upper_bound_binary_string(value, length)
        # what follows the raised position may be dropped: the bound only gets tighter
        assert upper == expected or (upper and expected.startswith(upper)), (value, length)


def test_metadata_survives_both_ways(tmp_path):
    nested = [
        NestedField(100, "list", ListType(101, StructType(NestedField(102, "x", IntegerType())), element_required=True)),
        NestedField(103, "map", MapType(104, StringType(), 105, ListType(106, DoubleType()), value_required=False)),
    ]
    for version in (1, 2):
        metadata = table(ALL if version == 2 else ALL[:3], version, nested)
        text = json.loads(metadata.model_dump_json())
        text["statistics"] = []
        text["something-new"] = {"a": [1, 2.50, None, "é"]}
        (tmp_path / "in.json").write_text(json.dumps(text))
        conformance("iceberg-formats", "metadata", tmp_path / "in.json", tmp_path / "out.json")
        out = (tmp_path / "out.json").read_text()
        read = TableMetadataUtil.parse_raw(out)
        assert read.format_version == 2
        assert json.loads(out)["something-new"] == text["something-new"]
        assert read.schema() == metadata.schema()
        assert read.spec() == metadata.spec()
        assert read.properties == metadata.properties
        assert read.table_uuid == metadata.table_uuid
        assert read.last_column_id == metadata.last_column_id
        assert read.last_partition_id == metadata.last_partition_id
        (tmp_path / "in.gz.metadata.json").write_bytes(gzip.compress(json.dumps(text).encode()))
        conformance("iceberg-formats", "metadata", tmp_path / "in.gz.metadata.json", tmp_path / "gz.json")
        assert (tmp_path / "gz.json").read_text() == out


def test_new_tables_are_numbered_as_pyiceberg_numbers_them(tmp_path):
    conformance("iceberg-formats", "new", tmp_path / "new.json")
    read = TableMetadataUtil.parse_raw((tmp_path / "new.json").read_text())
    again = new_table_metadata(
        read.schema(), read.spec(), read.sort_order(), read.location, {"format-version": "2"}, read.table_uuid
    )
    assert read.schema() == again.schema()
    assert read.spec() == again.spec()
    assert read.last_column_id == again.last_column_id
    assert read.last_partition_id == again.last_partition_id
    assert read.location == "file:///lake/db/t"
    assert [f.name for f in read.spec().fields] == ["sent_hour", "id_bucket", "price_trunc"]


def commit(tmp_path: Path, partitions, values):
    metadata = table(partitions)
    (tmp_path / "in.json").write_text(metadata.model_dump_json())
    ids = {name: str(i + 1) for i, name in enumerate(TYPES)}
    (tmp_path / "rows.jsonl").write_text(
        "".join(json.dumps({ids[n]: to_bytes(TYPES[n], v).hex() for n, v in row.items()}) + "\n" for row in values)
    )
    conformance("iceberg-formats", "commit", tmp_path / "in.json", tmp_path / "rows.jsonl", tmp_path)
    return TableMetadataUtil.parse_raw((tmp_path / "new.metadata.json").read_text())


def as_bytes(kind, value):
    if value is None:
        return None
    if isinstance(kind, UUIDType) and isinstance(value, bytes):
        return value
    return to_bytes(kind, value)


def test_pyiceberg_reads_our_manifests(tmp_path):
    values = rows(300, seed=1)
    partitions = [*ALL, ("string", "void")]
    metadata = commit(tmp_path, partitions, values)
    io = PyArrowFileIO()
    snapshot = metadata.current_snapshot()
    manifests = snapshot.manifests(io)
    assert len(manifests) == 1
    manifest = manifests[0]
    assert manifest.manifest_length == (tmp_path / "m0.avro").stat().st_size
    assert (manifest.sequence_number, manifest.min_sequence_number) == (1, 1)
    assert (manifest.added_files_count, manifest.added_rows_count) == (len(values), 7 * len(values))
    assert (manifest.existing_files_count, manifest.deleted_files_count) == (0, 0)
    entries = manifest.fetch_manifest_entry(io)
    assert len(entries) == len(values)
    with (tmp_path / "m0.avro").open("rb") as opened:
        exact = [list(record["data_file"]["partition"].values()) for record in fastavro.reader(opened)]
    seen = [[] for _ in partitions]
    for index, (entry, row) in enumerate(zip(entries, values)):
        assert entry.status == ManifestEntryStatus.ADDED
        assert entry.snapshot_id == snapshot.snapshot_id
        assert (entry.sequence_number, entry.file_sequence_number) == (1, 1)
        file = entry.data_file
        assert file.file_path == f"{tmp_path}/{index}.parquet"
        assert (file.content, file.file_format) == (DataFileContent.DATA, FileFormat.PARQUET)
        assert (file.record_count, file.file_size_in_bytes) == (7, 123)
        assert file.split_offsets == [4, 1 << 40]
        for position, (name, transform) in enumerate(partitions):
            expected = None
            if transform != "void" and name in row:
                expected = transformed(name, transform, row[name])
            kind = parse_transform(transform).result_type(TYPES[name])
            # pyiceberg's compiled decoder rounds doubles to floats; fastavro reads them whole
            value = exact[index][position] if name == "double" else file.partition[position]
            assert as_bytes(kind, value) == expected, (name, transform)
            seen[position].append(None if expected is None else from_bytes(kind, expected))
        ids = {i + 1: n for i, n in enumerate(TYPES) if n in row}
        assert set(file.value_counts or {}) == set(ids)
        for number, name in ids.items():
            assert file.lower_bounds[number] == to_bytes(TYPES[name], row[name])
    for summary, found, (name, transform) in zip(manifest.partitions, seen, partitions):
        present = [v for v in found if v is not None]
        kind = parse_transform(transform).result_type(TYPES[name])
        assert summary.contains_null
        if present:
            assert summary.lower_bound == to_bytes(kind, min(present)), (name, transform)
            assert summary.upper_bound == to_bytes(kind, max(present)), (name, transform)
        else:
            assert summary.lower_bound is None


def test_fastavro_reads_ids_and_metadata_of_our_manifests(tmp_path):
    commit(tmp_path, ALL, rows(20, seed=2))
    with (tmp_path / "m0.avro").open("rb") as file:
        reader = fastavro.reader(file)
        records = list(reader)
        assert len(records) == 21
        meta = reader.metadata
        assert set(meta) >= {"schema", "schema-id", "partition-spec", "partition-spec-id", "format-version", "content"}
        assert (meta["format-version"], meta["content"], meta["partition-spec-id"]) == ("2", "data", "0")
        assert isinstance(json.loads(meta["partition-spec"]), list)
        Schema.model_validate_json(meta["schema"])
        schema = json.loads(meta["avro.schema"])
    fields = {f["name"]: f for f in schema["fields"]}
    assert [f["field-id"] for f in schema["fields"]] == [0, 1, 3, 4, 2]
    data_file = {f["name"]: f for f in fields["data_file"]["type"]["fields"]}
    assert not {105, 106, 107, 111} & {f["field-id"] for f in data_file.values()}
    assert data_file["split_offsets"]["type"][1]["element-id"] == 133
    counts = data_file["value_counts"]["type"][1]
    assert counts["logicalType"] == "map"
    assert [f["field-id"] for f in counts["items"]["fields"]] == [119, 120]
    assert [f["field-id"] for f in data_file["partition"]["type"]["fields"]] == [1000 + i for i in range(len(ALL))]
    with (tmp_path / "list.avro").open("rb") as file:
        reader = fastavro.reader(file)
        records = list(reader)
        meta = reader.metadata
        assert (meta["sequence-number"], meta["parent-snapshot-id"], meta["format-version"]) == ("1", "null", "2")
        schema = json.loads(meta["avro.schema"])
    found = {f["field-id"]: f for f in schema["fields"]}
    for number in [500, 501, 502, 503, 504, 505, 506, 512, 513, 514, 515, 516, 517]:
        assert isinstance(found[number]["type"], str), number


def test_duckdb_reads_our_manifests(tmp_path):
    commit(tmp_path, ALL, rows(300, seed=7))
    query = f"select count(*), sum(record_count) from iceberg_metadata('{tmp_path}/new.metadata.json')"
    assert duckdb_connection().execute(query).fetchall() == [(301, 2107)]


def foreign(tmp_path: Path, codec: str, version: int, values):
    """The same files listed by pyiceberg's own writers."""
    partitions = ALL
    metadata = table(partitions, version)
    (tmp_path / "in.json").write_text(metadata.model_dump_json())
    io = PyArrowFileIO()
    spec, schema = metadata.spec(), metadata.schema()
    path = f"file://{tmp_path}/foreign.avro"
    with write_manifest(version, spec, schema, io.new_output(path), 5, codec) as writer:
        for index, row in enumerate(values):
            tuple_ = []
            for name, transform in partitions:
                parsed = parse_transform(transform)
                value = parsed.transform(TYPES[name])(row[name]) if name in row else None
                tuple_.append(value.bytes if isinstance(value, uuid.UUID) else value)
            file = DataFile.from_args(
                content=DataFileContent.DATA,
                file_path=f"s3://b/{index}",
                file_format=FileFormat.PARQUET,
                partition=Record(*tuple_),
                record_count=index,
                file_size_in_bytes=10,
                column_sizes={1: 2},
                value_counts={1: 5, 2: 6},
                null_value_counts={},
                nan_value_counts={},
                lower_bounds={2: b"\x01\x00\x00\x00"},
                upper_bounds={},
                split_offsets=[4, 9],
                sort_order_id=None,
            )
            file.spec_id = 0
            status = ManifestEntryStatus.ADDED if index % 2 else ManifestEntryStatus.EXISTING
            number = None if status == ManifestEntryStatus.ADDED else 3
            writer.add_entry(
                ManifestEntry.from_args(
                    status=status,
                    snapshot_id=5,
                    sequence_number=number,
                    file_sequence_number=number,
                    data_file=file,
                )
            )
        manifest = writer.to_manifest_file()
    with write_manifest_list(version, io.new_output(f"file://{tmp_path}/foreign-list.avro"), 5, None, 8, codec) as writer:
        writer.add_manifests([manifest])


@pytest.mark.parametrize("codec", ["gzip", "null"])
@pytest.mark.parametrize("version", [1, 2])
def test_we_read_pyiceberg_manifests(tmp_path, codec, version):
    values = rows(100, seed=3)
    foreign(tmp_path, codec, version, values)
    done = conformance("iceberg-formats", "entries", tmp_path / "in.json", tmp_path / "foreign-list.avro")
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(entries) == len(values)
    for index, (entry, row) in enumerate(zip(entries, values)):
        added = index % 2 == 1
        assert entry["status"] == (1 if added else 0)
        assert entry["snapshot_id"] == 5
        if version == 2:
            assert entry["sequence_number"] == entry["file_sequence_number"] == (8 if added else 3)
        else:
            assert entry["sequence_number"] == entry["file_sequence_number"] == 0
        assert (entry["file_path"], entry["file_format"]) == (f"s3://b/{index}", "PARQUET")
        assert (entry["record_count"], entry["file_size_in_bytes"]) == (index, 10)
        assert entry["value_counts"] == {"1": 5, "2": 6}
        assert entry["lower_bounds"] == {"2": "01000000"}
        assert entry["split_offsets"] == [4, 9]
        for position, (name, transform) in enumerate(ALL):
            expected = transformed(name, transform, row[name]) if name in row else None
            assert entry["partition"][position] == (None if expected is None else expected.hex()), (name, transform)


def test_pyiceberg_reads_manifests_we_merge(tmp_path):
    values = rows(50, seed=4)
    foreign(tmp_path, "gzip", 2, values)
    conformance("iceberg-formats", "rewrite", tmp_path / "in.json", tmp_path / "foreign-list.avro", tmp_path)
    io = PyArrowFileIO()
    manifests = list(read_manifest_list(io.new_input(f"file://{tmp_path}/merged-list.avro")))
    assert [(m.sequence_number, m.min_sequence_number, m.existing_files_count) for m in manifests] == [(9, 3, 51)]
    before = next(read_manifest_list(io.new_input(f"file://{tmp_path}/foreign-list.avro"))).fetch_manifest_entry(io)
    after = manifests[0].fetch_manifest_entry(io)
    for old, new in zip(before, after, strict=True):
        assert new.status == ManifestEntryStatus.EXISTING
        assert (new.snapshot_id, new.sequence_number) == (old.snapshot_id, old.sequence_number)
        assert new.data_file.partition == old.data_file.partition
        assert new.data_file.file_path == old.data_file.file_path


def test_paths_follow_pyiceberg(tmp_path):
    partitions = [p for p in ALL if p[0] not in ("boolean", "float", "double", "binary", "fixed[5]", "uuid")]
    partitions = [p for p in partitions if "decimal" not in p[0]]
    values = rows(60, seed=5)
    metadata = commit(tmp_path, partitions, values)
    done = conformance("iceberg-formats", "entries", tmp_path / "new.metadata.json", tmp_path / "list.avro")
    for line, row in zip(done.stdout.splitlines(), values, strict=True):
        record = Record(
            *[parse_transform(t).transform(TYPES[n])(row[n]) if n in row else None for n, t in partitions]
        )
        assert json.loads(line)["path"] == metadata.spec().partition_to_path(record, metadata.schema())


SCHEMA = {
    "type": "record",
    "name": "outer",
    "fields": [
        {"name": "n", "type": "null"},
        {"name": "u", "type": ["string", "null", "long", {"type": "array", "items": "boolean"}]},
        {"name": "m", "type": {"type": "map", "values": {"type": "enum", "name": "e", "symbols": ["A", "B"]}}},
        {"name": "r", "type": {"type": "record", "name": "inner", "fields": [{"name": "d", "type": "double"}]}},
        {"name": "again", "type": ["null", "inner"]},
        {"name": "f", "type": {"type": "fixed", "name": "four", "size": 4}},
        {"name": "b", "type": "bytes"},
        {"name": "t", "type": {"type": "int", "logicalType": "made-up"}},
    ],
}


@pytest.mark.parametrize("codec", ["null", "deflate"])
def test_we_read_any_file_of_fastavro(tmp_path, codec):
    rng = random.Random(6)
    records = [
        {
            "n": None,
            "u": rng.choice(["text é", None, rng.randint(-(2**63), 2**63 - 1), [True, False]]),
            "m": {f"k{i}": rng.choice("AB") for i in range(rng.randint(0, 5))},
            "r": {"d": rng.uniform(-1, 1)},
            "again": rng.choice([None, {"d": 2.5}]),
            "f": rng.randbytes(4),
            "b": rng.randbytes(rng.randint(0, 9)),
            "t": rng.randint(-(2**31), 2**31 - 1),
        }
        for _ in range(5000)
    ]
    with (tmp_path / "in.avro").open("wb") as file:
        fastavro.writer(file, SCHEMA, records, codec=codec, sync_interval=10_000)
    answers = [json.loads(x) for x in conformance("iceberg-formats", "avro", tmp_path / "in.avro").stdout.splitlines()]
    for record, answer in zip(records, answers, strict=True):
        expected = {**record, "f": record["f"].hex(), "b": record["b"].hex()}
        expected["m"] = {k: "AB".index(v) for k, v in record["m"].items()}
        assert answer == expected
