"""The REST catalog against SeaweedFS's, with OAuth2 and with signatures, and pyiceberg's RestCatalog as the other writer."""

import pytest
from aws_lakes import AWSLake
from catalog_calls import CatalogCalls, append_by_pyiceberg, ids_of, rows_file
from servers import READ_ONLY_KEY, READ_ONLY_SECRET

TABLE = "db.words"
# What a connection costs before the first table: the configuration, and with OAuth2 a token.
CONNECTING = {"rest-oauth2": 2, "rest-sigv4": 1}


@pytest.fixture(params=["rest-oauth2", "rest-sigv4"])
def lake(request, seaweedfs):
    return AWSLake(request.param, seaweedfs)


@pytest.fixture
def calls(lake):
    with CatalogCalls(lake.environment()) as calls:
        yield calls


def test_pyiceberg_reads_what_was_created_and_appended(lake, calls, tmp_path):
    created = calls.ok("create", TABLE, "owner=me")
    assert created["location"].startswith(f"s3://{lake.bucket}/db/words/metadata/")
    for first in (1, 4):
        assert calls.ok("append", TABLE, *rows_file(tmp_path, first, 3))["outcome"] == "committed"
    table = lake.catalog().load_table(TABLE)
    assert ids_of(table) == [1, 2, 3, 4, 5, 6]
    assert sorted(row[0] for row in lake.duckdb_rows(table.metadata_location)) == [1, 2, 3, 4, 5, 6]
    assert table.properties["owner"] == "me"
    assert table.format_version == 2
    assert [field.doc for field in table.schema().fields] == ["counts from one", None]
    assert [s.summary["total-records"] for s in table.snapshots()] == ["3", "6"]
    assert lake.catalog().list_tables("db") == [("db", "words")]


def test_requests_of_each_call(lake, calls, tmp_path):
    created = calls.ok("create", TABLE)
    # The table without its namespace, the namespace, the table, and the load.
    assert created["requests"] == CONNECTING[lake.kind] + 4
    loaded = calls.ok("load", TABLE)
    assert loaded["requests"] == 1
    assert loaded["metadata-bytes"] > 100
    calls.ok("append", TABLE, *rows_file(tmp_path, 10, 2))
    warm = calls.ok("append", TABLE, *rows_file(tmp_path, 20, 2))
    assert warm["requests"] == 4, "data file, manifest, manifest list, and the commit"
    with CatalogCalls(lake.environment()) as cold:
        loaded = cold.ok("reload", TABLE)
        print(f"\n{lake.kind}: a cold load takes {loaded['requests']} requests, an append {warm['requests']}")
        assert loaded["requests"] == CONNECTING[lake.kind] + 2, "the table, and its manifest list"
        assert cold.ok("append", TABLE, *rows_file(tmp_path, 30, 2))["requests"] == 4


def test_pyiceberg_commits_in_between_and_nothing_is_lost(lake, calls, tmp_path):
    calls.ok("create", TABLE)
    expected, attempts = [], []
    for number in range(4):
        first = number * 100
        attempts.append(calls.ok("append", TABLE, *rows_file(tmp_path, first, 3))["attempts"])
        append_by_pyiceberg(lake.catalog().load_table(TABLE), first + 10, 2)
        expected += [first, first + 1, first + 2, first + 10, first + 11]
    assert attempts == [1, 2, 2, 2], "the server tells of the other's commit"
    assert ids_of(lake.catalog().load_table(TABLE)) == expected
    # A commit of its that set out before ours comes second, and stands on it.
    stale = lake.catalog().load_table(TABLE)
    calls.ok("append", TABLE, *rows_file(tmp_path, 900, 1))
    append_by_pyiceberg(stale, 910, 1)
    calls.ok("append", TABLE, *rows_file(tmp_path, 920, 1))
    assert ids_of(lake.catalog().load_table(TABLE)) == expected + [900, 910, 920]


def test_schema_property_and_tag_travel_as_updates(lake, calls, tmp_path):
    calls.ok("create", TABLE)
    calls.ok("append", TABLE, *rows_file(tmp_path, 1, 2))
    assert calls.ok("add-column", TABLE, "extra")["outcome"] == "doneAs"
    table = lake.catalog().load_table(TABLE)
    assert [(field.field_id, field.name, field.doc) for field in table.schema().fields] == [
        (1, "id", "counts from one"), (2, "word", None), (3, "extra", "added later"),
    ]  # fmt: skip
    answer = calls.ok("swap-stale", TABLE)
    # A tag and properties move no branch: only what the first one also changed tells the second that it is late.
    assert answer["outcome"] == "doneAs"
    assert answer["second-outcome"] == "conflict"
    table = lake.catalog().load_table(TABLE)
    assert table.properties["touched"] == "first"
    assert set(table.refs()) == {"main", "first"}
    calls.ok("reload", TABLE)
    calls.ok("append", TABLE, *rows_file(tmp_path, 10, 2))
    assert ids_of(lake.catalog().load_table(TABLE)) == [1, 2, 10, 11]


def test_old_snapshots_expire_on_the_server(lake, calls, tmp_path):
    calls.ok("create", TABLE, "swiftlake.snapshots.max=3")
    for number in range(6):
        calls.ok("append", TABLE, *rows_file(tmp_path, number * 10, 1))
    table = lake.catalog().load_table(TABLE)
    assert len(table.snapshots()) == 3
    assert ids_of(table) == [0, 10, 20, 30, 40, 50]


def test_processes_at_once_lose_nothing(lake, calls, tmp_path):
    calls.ok("create", TABLE, "commit.retry.num-retries=50")
    writers = [CatalogCalls(lake.environment()) for _ in range(4)]
    expected, attempts = [], 0
    for round_number in range(5):
        for index, writer in enumerate(writers):
            first = (round_number * 4 + index) * 10
            writer.start("append", TABLE, *rows_file(tmp_path, first, 2))
            expected += [first, first + 1]
        answers = [writer.answer() for writer in writers]
        assert all(answer.get("outcome") == "committed" for answer in answers), answers
        attempts += sum(answer["attempts"] for answer in answers)
    for writer in writers:
        writer.__exit__()
    print(f"\n{lake.kind}: {attempts} commits were sent for 20 appends of four processes at once")
    assert ids_of(lake.catalog().load_table(TABLE)) == expected


def test_lists_namespaces_and_tables(lake, calls):
    for name in ("z.t", "a.t", "a.s"):
        calls.ok("create", name)
    assert calls.ok("namespaces")["names"] == ["a", "z"]
    assert calls.ok("tables", "a")["names"] == ["a.s", "a.t"]


def test_creation_opens_the_table_of_whoever_came_first(lake, calls, tmp_path):
    first = calls.ok("create", TABLE)
    calls.ok("append", TABLE, *rows_file(tmp_path, 1, 2))
    with CatalogCalls(lake.environment()) as other:
        assert other.ok("create", TABLE)["location"] != first["location"]
        other.ok("append", TABLE, *rows_file(tmp_path, 10, 2))
    assert ids_of(lake.catalog().load_table(TABLE)) == [1, 2, 10, 11]


def test_missing_table_and_namespace_are_named(calls):
    calls.ok("create", TABLE)
    for name in ("db.none", "none.words"):
        answer = calls("load", name)
        assert answer["code"] == "notFound" and name in answer["error"], answer
        assert "\n" not in answer["error"]


def test_wrong_credentials_are_named_without_them(lake):
    changes = {
        "rest-oauth2": {"LAKE_CATALOG_CREDENTIAL": "nobody:nothing-but-wrong"},
        "rest-sigv4": {"AWS_SECRET_ACCESS_KEY": "nothing-but-wrong"},
    }[lake.kind]
    with CatalogCalls(lake.environment(**changes)) as calls:
        answer = calls("load", TABLE)
    assert answer["code"] == "unavailable", answer
    assert "nothing-but-wrong" not in answer["error"], answer
    words = {"rest-oauth2": "check the catalog's credential", "rest-sigv4": "check AWS_SECRET_ACCESS_KEY"}[lake.kind]
    assert "iceberg " in answer["error"] and words in answer["error"], answer


def test_reader_may_not_commit(lake, calls, tmp_path):
    calls.ok("create", TABLE)
    changes = {
        "rest-oauth2": {"LAKE_CATALOG_CREDENTIAL": f"{READ_ONLY_KEY}:{READ_ONLY_SECRET}"},
        "rest-sigv4": {"AWS_ACCESS_KEY_ID": READ_ONLY_KEY, "AWS_SECRET_ACCESS_KEY": READ_ONLY_SECRET},
    }[lake.kind]
    with CatalogCalls(lake.environment(**changes)) as reader:
        answer = reader("create", "db.other")
    assert "error" in answer and "[40" in answer["error"], answer
    assert lake.catalog().list_tables("db") == [("db", "words")]
