"""Faults of the catalog in the middle of a commit: a proxy applies each to each request, and afterwards every row is in the
table once."""

import pytest
from catalog_calls import CatalogCalls, ids_of, rows_file
from fault_proxies import FaultPlan, FaultProxy

TABLE = "db.words"
KINDS = ("glue", "rest-oauth2", "rest-sigv4")
# Requests to the catalog of one warm append: on Glue the look at the table and the swap, else the commit.
WARM_CALLS = {"glue": 2, "rest-oauth2": 1, "rest-sigv4": 1}
FAULTS = (
    "refused", "reset before the reply", "reset after the server acted", "internal error", "slow down", "throttled",
    "truncated body", "wrong content type", "expired credentials",
)  # fmt: skip


@pytest.fixture(params=KINDS)
def lake(request, new_lake):
    return new_lake(request.param)


def test_rows_are_in_once_whatever_the_catalog_did(lake, tmp_path):
    plan = FaultPlan()
    service = lake.catalog_service
    outcomes = []
    with FaultProxy(service, lake.endpoints[service], plan) as proxy:
        with CatalogCalls(lake.environment({service: proxy.endpoint})) as calls:
            calls.ok("create", TABLE)
            calls.ok("append", TABLE, *rows_file(tmp_path, 0, 1))
            expected = [0]
            for fault in FAULTS:
                for at in range(1, WARM_CALLS[lake.kind] + 1):
                    first = len(expected) * 10
                    rows = rows_file(tmp_path, first, 2)
                    plan.begin(fault, at)
                    answer = calls("append", TABLE, *rows)
                    assert plan.struck is not None, "the fault met no request"
                    plan.heal()
                    if "error" in answer:
                        # Definite: nothing was committed, so the rows are sent again.
                        assert answer["code"] == "unavailable", answer
                        assert "\n" not in answer["error"]
                        calls.ok("append", TABLE, *rows)
                    expected += [first, first + 1]
                    outcomes.append(f"{fault} at request {at}: {answer.get('outcome') or answer['error']}")
    print(f"\n{lake.kind}:", *outcomes, sep="\n  ")
    table = lake.catalog().load_table(TABLE)
    assert ids_of(table) == expected
    # Nothing is left over but metadata files of the table's own history, and manifest lists of commits that were redone.
    left = {key for key in lake.keys() - lake.referenced(TABLE) if key.endswith(".parquet")}
    assert not left, "no data file without a snapshot"


def test_creation_is_settled_by_trying_again(lake):
    plan = FaultPlan()
    service = lake.catalog_service
    with FaultProxy(service, lake.endpoints[service], plan) as proxy:
        with CatalogCalls(lake.environment({service: proxy.endpoint})) as calls:
            calls.ok("create", "db.other")
            for number, fault in enumerate(FAULTS):
                plan.begin(fault, 1)
                answer = calls("create", f"db.t{number}")
                plan.heal()
                if "error" in answer:
                    assert answer["code"] in ("unavailable", "unknownOutcome"), (fault, answer)
                    answer = calls.ok("create", f"db.t{number}")
                assert lake.catalog().load_table(f"db.t{number}").metadata_location == answer["location"]
    assert table_names(lake) == sorted(["other"] + [f"t{number}" for number in range(len(FAULTS))])


def table_names(lake) -> list[str]:
    return sorted(name for _, name in lake.catalog().list_tables("db"))
