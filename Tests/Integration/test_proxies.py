"""The proxies measure and break what they say, with boto3 and pyiceberg as the writers."""

import threading
import time
from http.client import IncompleteRead

from delay_proxy import DelayProxy
from fault_replies import REQUEST_ID
import pyarrow as pa
import pytest
from aws_lakes import AWSLake
from botocore.exceptions import BotoCoreError, ClientError
from fault_proxies import ACTING_FAULTS, FAULTS, FaultPlan, FaultProxy
from proxies import Recorder, Request, elapsed_ms, waves
from servers import REGION, answer, client

# boto3 is content with any 200, whatever its body.
UNNOTICED = ("truncated body", "wrong content type")
ROWS = pa.table({"id": [1, 2, 3]})


def request(started: float, ended: float | None) -> Request:
    return Request("s3", 1, "GET /", started, ended)


@pytest.mark.parametrize(
    "spans,expected",
    [
        ([], []),
        ([(0, 1)], [1]),
        ([(0, 1), (1, 2), (2, 3)], [1, 1, 1]),
        ([(0, 1), (0.1, 2), (0.9, 3)], [3]),
        ([(0, 5), (1, 2), (3, 4)], [2, 1]),
        ([(0, None), (9, None)], [2]),
        ([(3, 4), (0, 1), (0.5, 2)], [2, 1]),
    ],
)
def test_waves_are_the_longest_chain(spans, expected):
    assert [len(wave) for wave in waves([request(*span) for span in spans])] == expected


def test_a_delay_is_added_once_to_every_request(seaweedfs):
    bucket = seaweedfs.new_bucket()
    recorder = Recorder()
    with DelayProxy("s3", seaweedfs.s3_endpoint, recorder) as proxy:
        s3 = seaweedfs.s3(proxy.endpoint)
        for body in (b"", b"x" * 10, b"y" * 3_000_000):
            recorder.clear()
            s3.put_object(Bucket=bucket, Key="k", Body=body)
            (put,) = recorder.settled()
            assert put.operation == f"PUT /{bucket}/k" and put.status == 200
            assert 20 <= elapsed_ms([put]) < 1000
            assert s3.head_object(Bucket=bucket, Key="k")["ContentLength"] == len(body)
            assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == body
            assert len(waves(recorder.settled())) == 3

        def get():
            assert seaweedfs.s3(proxy.endpoint).get_object(Bucket=bucket, Key="k")["Body"].read() == body

        threads = [threading.Thread(target=get) for _ in range(6)]
        recorder.clear()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = recorder.settled()
        assert len(found) == 6 and len({r.connection for r in found}) == 6 and len(waves(found)) < 6


def test_an_append_of_pyiceberg_takes_eighteen_waves(seaweedfs, tmp_path):
    """The figure that the append in two waves is compared with."""
    lake = AWSLake("sqlite", seaweedfs, folder=tmp_path)
    lake.catalog().create_namespace("db")
    lake.catalog().create_table("db.t", ROWS.schema, location=f"{lake.warehouse}/db/t").append(ROWS)
    recorder = Recorder()
    with DelayProxy("s3", seaweedfs.s3_endpoint, recorder) as proxy:
        table = lake.catalog({"s3": proxy.endpoint}).load_table("db.t")
        table.append(ROWS)
        recorder.settled()
        recorder.clear()
        table.append(ROWS)
        found = recorder.settled()
    print(f"pyiceberg: {len(found)} requests in {len(waves(found))} waves, {elapsed_ms(found):.0f} ms")
    assert (len(found), len(waves(found))) == (20, 18)
    assert len(lake.rows("db.t")) == 9


@pytest.mark.parametrize("fault", FAULTS)
def test_s3_meets_a_fault_at_one_request(seaweedfs, fault):
    bucket = seaweedfs.new_bucket()
    plan = FaultPlan()
    with FaultProxy("s3", seaweedfs.s3_endpoint, plan) as proxy:
        s3 = seaweedfs.s3(proxy.endpoint)
        plan.begin(fault, at=2)
        s3.put_object(Bucket=bucket, Key="first", Body=b"1")
        threading.Timer(0.3, plan.heal).start()
        if fault in UNNOTICED:
            s3.put_object(Bucket=bucket, Key="second", Body=b"2")
        else:
            with pytest.raises((ClientError, BotoCoreError)) as failure:
                s3.put_object(Bucket=bucket, Key="second", Body=b"2")
        if fault in ("slow down", "throttled", "internal error", "expired credentials"):
            assert failure.value.response["ResponseMetadata"]["RequestId"] == REQUEST_ID
            assert failure.value.response["Error"]["Code"] not in ("", "Unknown")
        assert [r.fault for r in plan.requests] == [None, fault]
        plan.is_healed.wait()
        time.sleep(0.05)
        assert seaweedfs.keys(bucket) == (["first", "second"] if fault in ACTING_FAULTS else ["first"])
        s3.put_object(Bucket=bucket, Key="third", Body=b"3")
        assert plan.count == 3


@pytest.mark.parametrize("fault", FAULTS)
def test_glue_meets_a_fault_that_lasts(glue, fault):
    plan = FaultPlan()
    with FaultProxy("glue", glue.endpoint, plan) as proxy:
        writer = client("glue", proxy.endpoint)
        plan.begin(fault, at=1, is_lasting=True)
        threading.Timer(0.3, plan.heal).start()
        if fault in UNNOTICED:
            writer.create_database(DatabaseInput={"Name": "db"})
        else:
            with pytest.raises((ClientError, BotoCoreError)) as failure:
                writer.create_database(DatabaseInput={"Name": "db"})
        if fault == "throttled":
            assert failure.value.response["Error"]["Code"] == "ThrottlingException"
        if fault == "expired credentials":
            assert failure.value.response["Error"]["Code"] == "ExpiredTokenException"
        if fault not in ("no answer", "no answer after the server acted", *UNNOTICED):
            with pytest.raises((ClientError, BotoCoreError)):
                writer.create_database(DatabaseInput={"Name": "db2"})
        plan.is_healed.wait()
        time.sleep(0.05)
        names = {database["Name"] for database in glue.client().get_databases()["DatabaseList"]}
        assert ("db" in names) == (fault in ACTING_FAULTS)
        writer.create_database(DatabaseInput={"Name": "db3"})


def test_a_truncated_body_is_shorter_than_announced(glue):
    plan = FaultPlan()
    with FaultProxy("glue", glue.endpoint, plan) as proxy:
        plan.begin("truncated body", at=1)
        scope = f"A/20260101/{REGION}/glue/aws4_request"
        fields = {"X-Amz-Target": "AWSGlue.GetDatabases", "Authorization": f"AWS4 Credential={scope}"}
        with pytest.raises(IncompleteRead):
            answer(proxy.port, "POST", "/", b"{}", fields)
        assert answer(proxy.port, "POST", "/", b"{}", fields) == (200, b'{"DatabaseList": []}')
