"""The Glue catalog against moto's Glue behind a version check, with pyiceberg's GlueCatalog as the other writer."""

import threading

import pytest
from aws_lakes import AWSLake
from catalog_calls import CatalogCalls, append_by_pyiceberg, ids_of, rows_file
from pyiceberg import types as t
from pyiceberg.catalog.glue import _to_columns
from pyiceberg.schema import Schema
from pyiceberg.types import NestedField

TABLE = "db.words"

EVERY_TYPE = Schema(
    NestedField(1, "t_bool", t.BooleanType()),
    NestedField(2, "t_int", t.IntegerType()),
    NestedField(3, "t_long", t.LongType(), required=True, doc="a long one"),
    NestedField(4, "t_float", t.FloatType()),
    NestedField(5, "t_double", t.DoubleType()),
    NestedField(6, "t_decimal", t.DecimalType(38, 3)),
    NestedField(7, "t_date", t.DateType()),
    NestedField(8, "t_time", t.TimeType()),
    NestedField(9, "t_timestamp", t.TimestampType()),
    NestedField(10, "t_timestamptz", t.TimestamptzType()),
    NestedField(11, "t_string", t.StringType()),
    NestedField(12, "t_uuid", t.UUIDType()),
    NestedField(13, "t_binary", t.BinaryType()),
    NestedField(14, "t_fixed", t.FixedType(7)),
    NestedField(15, "gone", t.StringType(), doc="of an older schema"),
    NestedField(
        16, "t_nested",
        t.StructType(
            NestedField(17, "list", t.ListType(18, t.DecimalType(9, 2), False)),
            NestedField(
                19, "map",
                t.MapType(20, t.StringType(), 21, t.StructType(NestedField(22, "x", t.LongType(), required=True))),
            ),
        ),
    ),
)  # fmt: skip


@pytest.fixture
def lake(glue, seaweedfs):
    return AWSLake("glue", seaweedfs, glue)


@pytest.fixture
def calls(lake):
    with CatalogCalls(lake.environment()) as calls:
        yield calls


def operations(glue) -> list[str]:
    return [operation for operation, _ in glue.calls]


def glue_table(glue, name: str = "words") -> dict:
    return glue.client().get_table(DatabaseName="db", Name=name)["Table"]


def test_pyiceberg_reads_what_was_created_and_appended(lake, glue, calls, tmp_path):
    created = calls.ok("create", TABLE, "owner=me", "comment=words")
    assert operations(glue) == ["CreateTable", "CreateDatabase", "CreateTable", "GetTable"]
    entry = glue_table(glue)
    assert entry["TableType"] == "EXTERNAL_TABLE"
    pointer = {"table_type": "ICEBERG", "metadata_location": created["location"]}
    assert entry["Parameters"] == {**pointer, "owner": entry["Owner"]}, "what people go by is shown beside the pointer"
    assert entry["Description"] == "words"
    assert entry["StorageDescriptor"]["Location"] == f"{lake.warehouse}/db/words"
    assert [(c["Name"], c["Type"], c.get("Comment")) for c in entry["StorageDescriptor"]["Columns"]] == [
        ("id", "bigint", "counts from one"),
        ("word", "string", None),
    ]
    assert entry["StorageDescriptor"]["Columns"][0]["Parameters"] == {
        "iceberg.field.id": "1", "iceberg.field.optional": "true", "iceberg.field.current": "true",
    }  # fmt: skip
    for first in (1, 4):
        assert calls.ok("append", TABLE, *rows_file(tmp_path, first, 3))["outcome"] == "committed"
    table = lake.catalog().load_table(TABLE)
    assert ids_of(table) == [1, 2, 3, 4, 5, 6]
    assert table.properties["owner"] == "me"
    assert lake.catalog().list_tables("db") == [("db", "words")]


def test_requests_of_each_call(lake, glue, calls, tmp_path):
    calls.ok("create", TABLE)
    assert calls.ok("load", TABLE)["requests"] == 1
    first, second, third = (rows_file(tmp_path, number * 10, 2) for number in (1, 2, 3))
    glue.calls.clear()
    calls.ok("append", TABLE, *first)
    warm = calls.ok("append", TABLE, *second)
    assert operations(glue) == ["GetTable", "UpdateTable"] * 2
    assert warm["requests"] == 6, "data file, manifest, manifest list, metadata, GetTable, and the swap"
    with CatalogCalls(lake.environment()) as cold:
        loaded = cold.ok("reload", TABLE)
        print(f"\nglue: a cold load takes {loaded['requests']} requests, an append {warm['requests']}")
        assert loaded["requests"] == 3, "GetTable, metadata, manifest list"
        assert cold.ok("append", TABLE, *third)["requests"] == 6


def test_pyiceberg_commits_in_between_and_nothing_is_lost(lake, glue, calls, tmp_path):
    calls.ok("create", TABLE)
    expected = []
    for number in range(4):
        first = number * 100
        calls.ok("append", TABLE, *rows_file(tmp_path, first, 3))
        append_by_pyiceberg(lake.catalog().load_table(TABLE), first + 10, 2)
        expected += [first, first + 1, first + 2, first + 10, first + 11]
    assert glue.conflicts == 0, "a look at the table tells of the other's commit before the swap"
    assert ids_of(lake.catalog().load_table(TABLE)) == expected
    # A commit of its that set out before ours comes second, and stands on it.
    stale = lake.catalog().load_table(TABLE)
    calls.ok("append", TABLE, *rows_file(tmp_path, 900, 1))
    append_by_pyiceberg(stale, 910, 1)
    calls.ok("append", TABLE, *rows_file(tmp_path, 920, 1))
    assert ids_of(lake.catalog().load_table(TABLE)) == expected + [900, 910, 920]


def test_swap_keeps_what_others_put_there(lake, glue, calls, tmp_path):
    calls.ok("create", TABLE)
    client = glue.client()
    entry = glue_table(glue)
    descriptor = entry["StorageDescriptor"]
    descriptor["Columns"][1]["Comment"] = "by hand"
    descriptor["SerdeInfo"] = {"Name": "none", "Parameters": {"a": "b"}}
    client.update_table(
        DatabaseName="db",
        TableInput={
            "Name": "words", "TableType": "EXTERNAL_TABLE", "Description": "by hand", "Owner": "data-team",
            "Retention": 3, "StorageDescriptor": descriptor,
            "Parameters": {**entry["Parameters"], "lakeformation.tag": "x", "table_type": "iceberg"},
        },
        VersionId=entry["VersionId"],
    )  # fmt: skip
    before = entry["Parameters"]["metadata_location"]
    appended = calls.ok("append", TABLE, *rows_file(tmp_path, 1, 3))
    assert appended["attempts"] == 1
    entry = glue_table(glue)
    assert entry["Parameters"] == {
        "table_type": "ICEBERG", "lakeformation.tag": "x", "metadata_location": appended["location"],
        "previous_metadata_location": before,
    }  # fmt: skip
    assert (entry["Description"], entry["Owner"], entry["Retention"]) == ("by hand", "data-team", 3)
    assert entry["StorageDescriptor"]["SerdeInfo"] == {"Name": "none", "Parameters": {"a": "b"}}
    assert entry["StorageDescriptor"]["Columns"][1]["Comment"] == "by hand"
    # A property that pyiceberg mirrors into the parameters stays too.
    table = lake.catalog().load_table(TABLE)
    with table.transaction() as transaction:
        transaction.set_properties({"owner.team": "sensors"})
    mirrored = set(glue_table(glue)["Parameters"])
    calls.ok("append", TABLE, *rows_file(tmp_path, 4, 1))
    assert mirrored <= set(glue_table(glue)["Parameters"])


def test_columns_follow_the_schema(glue, calls):
    calls.ok("create", TABLE)
    assert calls.ok("add-column", TABLE, "extra")["outcome"] == "done"
    columns = glue_table(glue)["StorageDescriptor"]["Columns"]
    assert [(c["Name"], c["Parameters"]["iceberg.field.current"]) for c in columns] == [
        ("id", "true"), ("word", "true"), ("extra", "true"),
    ]  # fmt: skip


def test_columns_are_those_that_pyiceberg_would_write(lake, glue, calls):
    """Of a table of pyiceberg's with every type, nested ones and an older schema."""
    table = lake.catalog()
    table.create_namespace("db")
    table = table.create_table("db.types", EVERY_TYPE, location=f"{lake.warehouse}/db/types")
    with table.update_schema() as update:
        update.delete_column("gone").rename_column("t_int", "renamed")
    assert calls.ok("add-column", "db.types", "extra")["outcome"] == "done"
    found = glue_table(glue, "types")["StorageDescriptor"]["Columns"]
    expected = _to_columns(lake.catalog().load_table("db.types").metadata)
    assert found == expected
    assert [c["Name"] for c in found if c["Parameters"]["iceberg.field.current"] == "false"] == ["t_int", "gone"]
    print(f"\n{len(found)} columns as pyiceberg writes them")


def test_stale_swap_is_a_conflict_and_changes_nothing(lake, glue, calls, tmp_path):
    calls.ok("create", TABLE)
    calls.ok("append", TABLE, *rows_file(tmp_path, 1, 2))
    answer = calls.ok("swap-stale", TABLE)
    assert (answer["outcome"], answer["second-outcome"]) == ("done", "conflict")
    assert lake.catalog().load_table(TABLE).properties["touched"] == "first"


def test_version_id_guards_the_gap_between_look_and_update(lake, glue, calls, tmp_path, monkeypatch):
    """Another writer's commit lands between our GetTable and our UpdateTable."""
    calls.ok("create", TABLE)
    calls.ok("append", TABLE, *rows_file(tmp_path, 1, 2))
    looked, go_on = threading.Event(), threading.Event()
    reply = glue.reply

    def slow(head, body):
        if head.fields.get("x-amz-target") == "AWSGlue.UpdateTable" and not looked.is_set():
            looked.set()
            assert go_on.wait(20)
        return reply(head, body)

    monkeypatch.setattr(glue, "reply", slow)
    calls.start("append", TABLE, *rows_file(tmp_path, 10, 2))
    assert looked.wait(20)
    append_by_pyiceberg(lake.catalog().load_table(TABLE), 20, 2)
    go_on.set()
    answer = calls.answer()
    assert (answer.get("outcome"), answer.get("attempts")) == ("committed", 2), answer
    assert glue.conflicts == 1
    assert ids_of(lake.catalog().load_table(TABLE)) == [1, 2, 10, 11, 20, 21]


def test_processes_at_once_lose_nothing(lake, glue, calls, tmp_path):
    calls.ok("create", TABLE, "commit.retry.num-retries=50")
    writers = [CatalogCalls(lake.environment()) for _ in range(4)]
    expected = []
    for round_number in range(5):
        for index, writer in enumerate(writers):
            first = (round_number * 4 + index) * 10
            writer.start("append", TABLE, *rows_file(tmp_path, first, 2))
            expected += [first, first + 1]
        answers = [writer.answer() for writer in writers]
        assert all(answer.get("outcome") == "committed" for answer in answers), answers
    for writer in writers:
        writer.__exit__()
    print(f"\nglue: {glue.conflicts} refused updates while four processes appended 20 times")
    assert ids_of(lake.catalog().load_table(TABLE)) == expected


def test_lists_only_iceberg_tables(glue, calls):
    for name in ("a", "z"):
        glue.client().create_database(DatabaseInput={"Name": name})
    calls.ok("create", TABLE)
    for number in range(120):
        glue.client().create_table(DatabaseName="db", TableInput={"Name": f"hive_{number}", "Parameters": {}})
    glue.client().create_table(
        DatabaseName="db", TableInput={"Name": "v", "TableType": "VIRTUAL_VIEW", "Parameters": {"presto_view": "true"}}
    )
    assert calls.ok("namespaces")["names"] == ["a", "db", "z"]
    assert calls.ok("tables", "db")["names"] == ["db.words"]
    assert calls("tables", "none")["code"] == "notFound"


@pytest.mark.parametrize(
    "name, code, word",
    [
        ("db.none", "notFound", "create the table"),
        ("none.words", "notFound", "create the"),
        ("db.hive", "unsupported", "not an Iceberg table"),
        ("db.v", "unsupported", "a view"),
        ("db.Words", "invalid", "lower-case"),
        ("d-b.words", "invalid", "lower-case"),
    ],
)
def test_says_why_a_table_cannot_be_loaded(glue, calls, name, code, word):
    client = glue.client()
    client.create_database(DatabaseInput={"Name": "db"})
    client.create_table(DatabaseName="db", TableInput={"Name": "hive", "Parameters": {"EXTERNAL": "TRUE"}})
    client.create_table(DatabaseName="db", TableInput={"Name": "v", "TableType": "VIRTUAL_VIEW"})
    answer = calls("load", name)
    assert answer["code"] == code, answer
    assert word in answer["error"] and name in answer["error"], answer
    assert "\n" not in answer["error"]


def test_creation_opens_the_table_of_whoever_came_first(lake, glue, calls):
    first = calls.ok("create", TABLE)
    with CatalogCalls(lake.environment()) as other:
        assert other.ok("create", TABLE)["location"] == first["location"]
    metadata = [key for key in lake.seaweedfs.keys(lake.bucket) if key.endswith(".metadata.json")]
    assert len(metadata) == 1, "the loser's metadata file is deleted"


def test_missing_permission_is_named(moto, glue, lake):
    with CatalogCalls(lake.environment()) as calls:
        calls.ok("create", TABLE)
    keys = moto.new_user(["glue:GetTable"])
    moto.check_signatures(True)
    changes = {
        "AWS_ACCESS_KEY_ID": keys["aws_access_key_id"], "AWS_SECRET_ACCESS_KEY": keys["aws_secret_access_key"],
        "AWS_ENDPOINT_URL_GLUE": moto.endpoint,
    }  # fmt: skip
    with CatalogCalls(lake.environment(**changes)) as calls:
        calls.ok("load", TABLE)
        answer = calls("tables", "db")
        assert "glue GetTables" in answer["error"] and "[403]" in answer["error"], answer
        assert "allow it to the role or user in its policy" in answer["error"], answer
    with CatalogCalls(lake.environment(**{**changes, "AWS_SECRET_ACCESS_KEY": "wrong"})) as calls:
        answer = calls("load", TABLE)
        assert "AWS_SECRET_ACCESS_KEY" in answer["error"], answer
        assert "wrong" not in answer["error"]
