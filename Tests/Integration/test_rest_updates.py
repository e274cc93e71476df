"""The changes between two versions of a table, as they are sent to a REST catalog: pyiceberg's model of the specification
reads them, checks their requirements and applies them."""

import itertools
import json

import pyarrow as pa
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import CommitTableRequest
from pyiceberg.table.sorting import NullOrder
from pyiceberg.table.update import update_table_metadata
from pyiceberg.transforms import BucketTransform, IdentityTransform
from pyiceberg.types import LongType, NestedField, StringType
from support import conformance

ROWS = pa.table({"id": pa.array([1, 2], pa.int64()), "word": ["a", "b"]})


def versions(folder) -> list:
    """A history of pyiceberg's making with every kind of change that a table of format version 2 can see there."""
    catalog = SqlCatalog("history", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}")
    catalog.create_namespace("db")
    schema = Schema(NestedField(1, "id", LongType(), doc="counts"), NestedField(2, "word", StringType()))
    spec = PartitionSpec(PartitionField(1, 1000, BucketTransform(4), "id_bucket"))
    table = catalog.create_table("db.t", schema, partition_spec=spec, properties={"a": "1", "b": "2"})
    found = [table.metadata]

    def note():
        table.refresh()
        found.append(table.metadata)

    table.append(ROWS)
    note()
    with table.transaction() as transaction:
        transaction.set_properties({"a": 'changed "ü"\n', "c": "3"})
        transaction.remove_properties("b")
    note()
    table.append(ROWS, snapshot_properties={"offsets": '{"s":[1,2]}'})
    note()
    with table.manage_snapshots() as snapshots:
        first = table.snapshots()[0].snapshot_id
        snapshots.create_tag(first, "audit", max_ref_age_ms=9_000_000)
        snapshots.create_branch(first, "side", max_snapshot_age_ms=8_000, min_snapshots_to_keep=2)
    note()
    with table.update_schema() as update:
        update.add_column("extra", StringType(), doc="added")
    note()
    with table.update_spec() as update:
        update.add_field("word", IdentityTransform(), "word")
    note()
    with table.update_sort_order() as update:
        update.asc("id", IdentityTransform(), NullOrder.NULLS_LAST)
    note()
    table.append(ROWS.append_column("extra", pa.array(["x", None])))
    note()
    with table.manage_snapshots() as snapshots:
        snapshots.remove_tag("audit").remove_branch("side")
    note()
    table.maintenance.expire_snapshots().by_id(table.snapshots()[1].snapshot_id).commit()
    note()
    return found


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    folder = tmp_path_factory.mktemp("history")
    made = []
    for number, metadata in enumerate(versions(folder)):
        path = folder / f"{number}.json"
        path.write_text(metadata.model_dump_json(by_alias=True, exclude_none=True))
        made.append((metadata, path))
    return made


def request(base, proposed) -> CommitTableRequest:
    body = conformance("catalog-calls", "changes", base, proposed).stdout
    assert json.loads(body)["identifier"] == {"namespace": ["db"], "name": "t"}
    return CommitTableRequest.model_validate_json(body)


def essence(metadata) -> dict:
    """A version without what the server sets by itself."""
    content = json.loads(metadata.model_dump_json(by_alias=True, exclude_none=True))
    for name in ("last-updated-ms", "snapshot-log", "metadata-log", "last-sequence-number"):
        content.pop(name, None)
    for name, key in (("snapshots", "snapshot-id"), ("sort-orders", "order-id")):
        content[name] = sorted(content.get(name, []), key=lambda element: element[key])
    return content


def test_pyiceberg_applies_every_change(history):
    # pyiceberg lets no commit make both the first snapshot and a tag.
    pairs = [
        (earlier, later)
        for earlier, later in itertools.combinations(range(len(history)), 2)
        if earlier > 0 or set(history[later][0].refs) <= {"main"}
    ]
    actions = set()
    for earlier, later in pairs:
        (base, base_path), (proposed, proposed_path) = history[earlier], history[later]
        commit = request(base_path, proposed_path)
        for requirement in commit.requirements:
            requirement.validate(base)
        made = update_table_metadata(base, commit.updates)
        assert essence(made) == essence(proposed), (earlier, later)
        actions |= {update.action for update in commit.updates}
    print(f"\n{len(pairs)} pairs of versions; updates: {', '.join(sorted(actions))}")
    assert actions == {
        "add-schema", "set-current-schema", "add-spec", "set-default-spec", "add-sort-order", "set-default-sort-order",
        "add-snapshot", "set-snapshot-ref", "remove-snapshot-ref", "remove-snapshots", "set-properties",
        "remove-properties",
    }  # fmt: skip


def test_a_version_that_has_passed_meets_no_requirement(history):
    """A commit on a version that an append has left behind is refused whatever it changes."""
    (base, base_path), (newest, newest_path) = history[1], history[-1]
    commit = request(base_path, newest_path)
    with pytest.raises(CommitFailedException):
        for requirement in commit.requirements:
            requirement.validate(newest)
    empty, empty_path = history[0]
    with pytest.raises(CommitFailedException):
        for requirement in request(empty_path, base_path).requirements:
            requirement.validate(base)
