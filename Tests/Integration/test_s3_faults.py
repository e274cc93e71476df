"""Faults on the way to S3: what the store says of each file must be what boto3 then finds. Every kind of fault strikes
each request of a put once, and then every request like it until it is healed."""

import pytest
from fault_proxies import ACTING_FAULTS, FAULTS, FaultPlan, FaultProxy
from fault_replies import REQUEST_ID
from s3_store import Store, body

# A fault that the service tells of comes with the id of the request.
TOLD_FAULTS = ("internal error", "slow down", "throttled", "expired credentials")


class Way:
    """A store behind a fault proxy, and boto3 beside it."""

    def __init__(self, seaweedfs):
        self.server = seaweedfs
        self.plan = FaultPlan()
        self.proxy = FaultProxy("s3", seaweedfs.s3_endpoint, self.plan)
        self.store = Store(self.proxy.endpoint, STORE_IDLE_MS="400")
        self.bucket = seaweedfs.new_bucket()
        # SeaweedFS takes a second for the first object of a bucket, which is longer than the store waits here.
        seaweedfs.s3().put_object(Bucket=self.bucket, Key="first", Body=b"1")

    def location(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def content(self, key: str) -> bytes | None:
        s3 = self.server.s3()
        try:
            return s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None

    def put(self, key: str, count: int = 1000, seed: int = 1) -> str:
        return self.store.put({self.location(key): (count, seed)})[self.location(key)]


@pytest.fixture(scope="module")
def way(seaweedfs):
    way = Way(seaweedfs)
    with way.proxy, way.store:
        yield way
        way.plan.heal()


@pytest.fixture(autouse=True)
def healed(way):
    yield
    way.plan.heal()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", (1, 2, 3))
def test_a_fault_that_passes_is_not_seen(way, fault, number):
    files = {way.location(f"once/{fault}/{number}/{file}"): (1000, file) for file in range(3)}
    way.plan.begin(fault, at=number)
    results = way.store.put(files)
    struck = way.plan.struck
    way.plan.heal()
    assert struck, "the fault did not strike"
    for location, result in results.items():
        content = way.content(location.split("/", 3)[3])
        if fault == "expired credentials" and result != "done":
            assert result.startswith("failed unavailable") and "ExpiredToken" in result and REQUEST_ID in result, result
            assert content is None
        else:
            assert result == "done", result
            assert content == body(*files[location])
    failed = [result for result in results.values() if result != "done"]
    assert len(failed) == (1 if fault == "expired credentials" else 0)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_lasts_is_told_exactly(way, fault):
    way.plan.begin(fault, at=1, is_lasting=True)
    result = way.put(f"lasting/{fault}")
    way.plan.heal()
    print(f"{fault}: {result}")
    content = way.content(f"lasting/{fault}")
    if fault in ACTING_FAULTS:
        # The object itself tells whose it is.
        assert result == "done" and content == body(1000, 1)
        return
    assert content is None
    certain = fault in ("slow down", "expired credentials")
    assert result.startswith("failed unavailable" if certain else "unknown unavailable"), result
    assert "s3 PutObject" in result and "\n" not in result and "; " in result
    assert fault not in TOLD_FAULTS or REQUEST_ID in result
    # Sending the same again settles it.
    assert way.put(f"lasting/{fault}") == "done"
    assert way.content(f"lasting/{fault}") == body(1000, 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_put_never_takes_anothers_file_for_its_own(way, fault):
    key = f"taken/{fault}"
    way.server.s3().put_object(Bucket=way.bucket, Key=key, Body=b"another's")
    way.plan.begin(fault, at=1)
    result = way.put(key)
    way.plan.heal()
    expected = "failed unavailable" if fault == "expired credentials" else "failed alreadyExists"
    assert result.startswith(expected), result
    assert way.content(key) == b"another's"


@pytest.mark.parametrize("fault", FAULTS)
def test_every_request_of_an_upload_in_parts(way, fault):
    # Begin, two parts, complete; what settles a doubt comes after these.
    for number in (1, 2, 3, 4):
        key = f"parts/{fault}/{number}"
        way.plan.begin(fault, at=number)
        result = way.put(key, count=(5 << 20) + 1, seed=number)
        struck = way.plan.struck
        way.plan.heal()
        content = way.content(key)
        if result == "done":
            assert content == body((5 << 20) + 1, number), (fault, struck)
        else:
            print(f"{struck.operation} {fault}: {result}")
            assert result.startswith("failed unavailable") and content is None, (result, struck)
            assert fault == "expired credentials" and "ExpiredToken" in result and REQUEST_ID in result, (result, struck)
            assert way.put(key, count=(5 << 20) + 1, seed=number) == "done"
            assert way.content(key) == body((5 << 20) + 1, number)


@pytest.mark.parametrize("fault", FAULTS)
def test_reads_are_whole_or_refused(way, fault):
    s3 = way.server.s3()
    s3.put_object(Bucket=way.bucket, Key="read/a", Body=b"some bytes")
    s3.put_object(Bucket=way.bucket, Key="read/b", Body=b"others")
    way.plan.begin(fault, at=1)
    results = way.store.get(way.location("read/a"), way.location("read/b"), way.location("read/none"))
    assert way.plan.struck
    way.plan.heal()
    for result, expected in zip(results, (b"some bytes", b"others", None), strict=True):
        if fault == "expired credentials" and result != expected and "ExpiredToken" in result:
            assert REQUEST_ID in result and "get new credentials" in result
        elif expected is None:
            assert result.startswith("failed notFound"), result
        else:
            assert result == expected

    way.plan.begin(fault, at=1, is_lasting=True)
    (result,) = way.store.get(way.location("read/a"))
    way.plan.heal()
    print(f"{fault}: {result}")
    assert isinstance(result, str) and result.startswith("failed unavailable") and "s3 GetObject" in result
    assert "\n" not in result and (fault not in TOLD_FAULTS or REQUEST_ID in result)


@pytest.mark.parametrize("fault", FAULTS)
def test_lists_and_deletes_are_right_or_refused(way, fault):
    s3 = way.server.s3()
    keys = [f"gone/{number}" for number in range(3)]
    for key in keys:
        s3.put_object(Bucket=way.bucket, Key=key, Body=b"x")
    locations = [way.location(key) for key in keys]
    is_expired = fault == "expired credentials"
    way.plan.begin(fault, at=1)
    listed = way.store.ask("list", [way.location("gone/")])
    way.plan.heal()
    assert "ExpiredToken" in listed["error"] if is_expired else listed["results"] == locations
    way.plan.begin(fault, at=1)
    kept = way.store.ask("delete", locations)["results"]
    way.plan.heal()
    assert kept == (locations if is_expired else [])
    assert [key for key in way.server.keys(way.bucket) if key.startswith("gone/")] == (keys if is_expired else [])
    assert way.store.ask("delete", locations)["results"] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_opening_tells_a_fault_that_lasts(way, fault):
    way.plan.begin(fault, at=1)
    assert "error" not in way.store.ask("open", [way.location("")], connections=2) or fault == "expired credentials"
    way.plan.heal()
    way.plan.begin(fault, at=1, is_lasting=True)
    answer = way.store.ask("open", [way.location("")], connections=2)
    way.plan.heal()
    if "error" in answer:
        print(f"{fault}: {answer['error']}")
        assert "s3 HeadBucket" in answer["error"] and "\n" not in answer["error"]
    assert "error" not in way.store.ask("open", [way.location("")], connections=2)


def test_the_deadline_ends_a_put(way):
    location = way.location("late")
    way.plan.begin("no answer", at=1, is_lasting=True)
    answer = way.store.ask("put", [location], bodies=[{"count": 5, "seed": 5}], deadline=600)
    way.plan.heal()
    print(answer)
    assert answer["milliseconds"] < 1_200
    assert answer["results"][0].startswith("unknown unavailable") and way.content("late") is None
