"""The store of S3 against SeaweedFS, which verifies signatures and checksums, with boto3 as the second reader and writer."""

import base64
import hashlib
import threading
import time

import pytest
from delay_proxy import DelayProxy
from proxies import Recorder, waves
from s3_store import Store, body
from servers import READ_ONLY_KEY, READ_ONLY_SECRET

ODD_KEYS = [
    "plain", "with space", "two  spaces", "a+b", "a%20b", "50%", "p%25q", "a//b", "/lead", "trail//x", "é/ü", "日本=語/値", "🦆",
    "a&b<c>\"d'", "x?y=1&z", "h#ash", "semi;colon:comma,at@", "~tilde-._", "(paren)[brack]{brace}", "$!*'()",
    "tab\there", "e\u0301 (decomposed)", "hour=2024-05-01%2010/file.parquet",
]  # fmt: skip


@pytest.fixture
def bucket(seaweedfs):
    return seaweedfs.new_bucket()


@pytest.fixture
def store(seaweedfs):
    with Store(seaweedfs.s3_endpoint) as store:
        yield store


def test_each_reads_what_the_other_wrote(seaweedfs, bucket, store):
    s3 = seaweedfs.s3()
    files = {f"s3://{bucket}/t/{count}": (count, count) for count in (0, 1, 4096, 3_000_000)}
    assert set(store.put(files).values()) == {"done"}
    for location, (count, seed) in files.items():
        reply = s3.get_object(Bucket=bucket, Key=location.split("/", 3)[3], ChecksumMode="ENABLED")
        assert reply["Body"].read() == body(count, seed)
        assert reply["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(body(count, seed)).digest()).decode()
    s3.put_object(Bucket=bucket, Key="t/boto", Body=b"from boto3")
    s3.put_object(Bucket=bucket, Key="t/crc", Body=b"crc", ChecksumAlgorithm="CRC32")
    assert store.get(f"s3://{bucket}/t/boto", f"s3://{bucket}/t/crc", *files) == [
        b"from boto3", b"crc", *(body(*made) for made in files.values()),
    ]  # fmt: skip


def test_odd_keys_are_the_same_to_both(seaweedfs, bucket, store):
    s3 = seaweedfs.s3()
    ours = {f"s3://{bucket}/ours/{key}": (9, number) for number, key in enumerate(ODD_KEYS)}
    assert set(store.put(ours).values()) == {"done"}
    kept = {}
    for number, key in enumerate(ODD_KEYS):
        assert s3.get_object(Bucket=bucket, Key=f"ours/{key}")["Body"].read() == body(9, number), key
        s3.put_object(Bucket=bucket, Key=f"theirs/{key}", Body=key.encode())
        kept[f"s3://{bucket}/theirs/{key}"] = key.encode()
    assert store.get(*kept) == list(kept.values())
    listed = store.ask("list", [f"s3://{bucket}/"])
    # SeaweedFS keeps no empty segments: it files a//b under a/b, for boto3 too.
    expected = {f"s3://{bucket}/{key}" for key in seaweedfs.keys(bucket)}
    assert set(listed["results"]) == expected and len(expected) == 2 * len(ODD_KEYS), expected ^ set(listed["results"])
    assert store.ask("delete", [*ours, *kept])["results"] == []
    assert seaweedfs.keys(bucket) == []


def test_reads_ranges(seaweedfs, bucket, store):
    location, whole = f"s3://{bucket}/x", bytes(range(256)) * 40
    seaweedfs.s3().put_object(Bucket=bucket, Key="x", Body=whole)
    assert store.range(location, 10, 0) == whole[:10]
    assert store.range(location, 1000, 255) == whole[255:1255]
    assert store.range(location, 1000, len(whole) - 7) == whole[-7:]
    assert store.range(location, 8) == whole[-8:]
    assert store.range(location, len(whole) + 5) == whole
    assert store.range(location, 5, len(whole)).startswith("failed unavailable")
    assert store.range(f"s3://{bucket}/none", 5).startswith("failed notFound")


def test_one_of_many_creators_wins(seaweedfs, bucket):
    count, results = 12, {}
    location = f"s3://{bucket}/race"
    barrier = threading.Barrier(count)

    def create(number: int):
        with Store(seaweedfs.s3_endpoint) as store:
            store.ask("open", [f"s3://{bucket}/"], connections=1)
            barrier.wait()
            results[number] = store.put({location: (50_000, number)})[location]

    threads = [threading.Thread(target=create, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [number for number, result in results.items() if result == "done"]
    assert len(winners) == 1, results
    assert all(r.startswith("failed alreadyExists") for n, r in results.items() if n not in winners), results
    assert seaweedfs.s3().get_object(Bucket=bucket, Key="race")["Body"].read() == body(50_000, winners[0])


def test_uploads_large_files_in_parts(seaweedfs, bucket, store):
    s3 = seaweedfs.s3()
    count = (25 << 20) + 1
    location, small = f"s3://{bucket}/large", f"s3://{bucket}/small"
    assert store.put({location: (count, 5), small: (5, 5)}) == {location: "done", small: "done"}
    head = s3.head_object(Bucket=bucket, Key="large", ChecksumMode="ENABLED")
    assert head["ETag"].endswith('-6"') and head["ChecksumSHA256"].endswith("-6")
    whole = body(count, 5)
    assert s3.get_object(Bucket=bucket, Key="large")["Body"].read() == whole
    (read,) = store.get(location)
    assert read == whole
    again = store.put({location: (count, 6)})[location]
    assert again.startswith("failed alreadyExists"), again
    assert not s3.list_multipart_uploads(Bucket=bucket).get("Uploads"), "the upload that lost was dropped"


def test_lists_and_deletes_more_than_a_page(seaweedfs, bucket, store):
    s3 = seaweedfs.s3()
    before = time.time()
    files = {f"s3://{bucket}/many/{number:05}": (number % 7, 1) for number in range(2_345)}
    assert set(store.put(files).values()) == {"done"}
    s3.put_object(Bucket=bucket, Key="other", Body=b"x")
    s3.put_object(Bucket=bucket, Key="many/folder/", Body=b"")
    listed = store.ask("list", [f"s3://{bucket}/many/"])
    assert listed["results"] == sorted(files)
    assert listed["requests"] == 3
    assert [int(size) for size in listed["sizes"]] == [count for _, (count, _) in sorted(files.items())]
    # SeaweedFS tells whole seconds.
    assert all(before - 2 < int(time_ms) / 1000 < time.time() + 2 for time_ms in listed["times"])
    assert store.ask("list", [f"s3://{bucket}/many/0001"])["results"] == sorted(files)[10:20]
    assert store.ask("list", [f"s3://{bucket}/none"])["results"] == []

    deleted = store.ask("delete", [*files, f"s3://{bucket}/missing"])
    assert deleted["results"] == [] and deleted["requests"] == 3
    assert seaweedfs.keys(bucket) == ["many/folder/", "other"]


def test_puts_and_gets_are_one_wave(seaweedfs, bucket):
    recorder = Recorder()
    with DelayProxy("s3", seaweedfs.s3_endpoint, recorder) as proxy, Store(proxy.endpoint) as store:
        assert "error" not in store.ask("open", [f"s3://{bucket}/"], connections=8)
        # SeaweedFS takes a second for the first object of a bucket.
        assert store.put({f"s3://{bucket}/first": (1, 1)}) == {f"s3://{bucket}/first": "done"}
        recorder.settled()
        recorder.clear()
        files = {f"s3://{bucket}/wave/{number}": (1000, number) for number in range(8)}
        bodies = [{"count": count, "seed": seed} for count, seed in files.values()]
        answer = store.ask("put", list(files), bodies=bodies)
        assert answer["results"] == ["done"] * 8
        assert len(waves(recorder.settled())) == 1
        assert answer["connections"] == 0, "the connections were opened before"
        recorder.clear()
        assert store.get(*files) == [body(*made) for made in files.values()]
        assert len(waves(recorder.settled())) == 1
        print(f"8 puts through 20 ms in one wave: {answer['milliseconds']} ms")


def test_says_in_one_line_what_is_wrong(seaweedfs, bucket):
    here = f"s3://{bucket}/warehouse"

    def told(location: str = here, endpoint: str = seaweedfs.s3_endpoint, **environment) -> str:
        with Store(endpoint, **environment) as store:
            answer = store.ask("open", [location], connections=2)
            return answer.get("error", "")

    assert told() == ""
    missing = told("s3://no-such-bucket/x")
    assert "s3 ListObjectsV2: NoSuchBucket [404]" in missing and "create the bucket" in missing, missing
    wrong = told(AWS_SECRET_ACCESS_KEY="wrong")
    assert "SignatureDoesNotMatch [403]" in wrong and "AWS_SECRET_ACCESS_KEY" in wrong, wrong
    unknown = told(AWS_ACCESS_KEY_ID="AKIDNOBODY")
    assert "InvalidAccessKeyId [403]" in unknown and "AWS_ACCESS_KEY_ID" in unknown, unknown
    none = told(AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert "MissingCredentials" in none and "AWS_ACCESS_KEY_ID" in none, none
    # At AWS, of course: an endpoint that is set needs no region to be found, but the signature does.
    region = told(AWS_REGION=None)
    assert "MissingRegion" in region and "AWS_REGION" in region, region
    down = told(endpoint="http://127.0.0.1:9")
    assert "cannotConnect" in down, down
    hadoop = told(f"s3a://{bucket}/x")
    assert "write s3://" in hadoop, hadoop
    for text in (missing, wrong, unknown, none, region, down, hadoop):
        print(text)
        assert "\n" not in text and "secret" not in text.lower().replace("aws_secret_access_key", "")
    for text in (missing, wrong, unknown):
        assert "(request " in text


def test_a_denial_is_certain_and_names_the_operation(seaweedfs, bucket):
    reader = {"AWS_ACCESS_KEY_ID": READ_ONLY_KEY, "AWS_SECRET_ACCESS_KEY": READ_ONLY_SECRET}
    location = f"s3://{bucket}/denied"
    with Store(seaweedfs.s3_endpoint, **reader) as store:
        result = store.put({location: (3, 3)})[location]
        print(result)
        assert result.startswith(f"failed unavailable {location}: s3 PutObject: AccessDenied [403]"), result
        assert "allow it" in result
        seaweedfs.s3().put_object(Bucket=bucket, Key="denied", Body=b"x")
        assert store.get(location) == [b"x"]
        assert store.ask("delete", [location])["results"] == [location]
    assert seaweedfs.keys(bucket) == ["denied"]


def test_another_s3_agrees(moto):
    """moto, a second server that keeps keys just as they are: empty segments, control characters, backslashes."""
    s3 = moto.client("s3")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    keys = [*ODD_KEYS, "back\\slash", "con\x01trol", "folder/", "x" * 1000]
    with Store(moto.endpoint) as store:
        assert "error" not in store.ask("open", ["s3://lake/"], connections=2)
        files = {f"s3://lake/{key}": (11, number) for number, key in enumerate(keys)}
        assert set(store.put(files).values()) == {"done"}
        for number, key in enumerate(keys):
            assert s3.get_object(Bucket="lake", Key=key)["Body"].read() == body(11, number), key
        assert store.get(*files) == [body(*made) for made in files.values()]
        assert set(store.ask("list", ["s3://lake"])["results"]) == set(files)
        large = {"s3://lake/large": ((11 << 20) + 3, 4)}
        assert store.put(large) == {"s3://lake/large": "done"}
        assert s3.get_object(Bucket="lake", Key="large")["Body"].read() == body((11 << 20) + 3, 4)
        assert store.get(*large) == [body((11 << 20) + 3, 4)]
        assert store.range("s3://lake/large", 5, 7) == body((11 << 20) + 3, 4)[7:12]
        assert store.put(files | large)["s3://lake/plain"].startswith("failed alreadyExists")
        assert store.ask("delete", [*files, *large])["results"] == []
    assert s3.list_objects_v2(Bucket="lake")["KeyCount"] == 0
