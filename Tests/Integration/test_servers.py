"""The stand-ins for AWS do what the checks that build on them believe: signatures, rights and versions are enforced."""

import threading

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError
from pyiceberg.catalog.glue import GlueCatalog
from servers import ACCESS_KEY, READ_ONLY_KEY, READ_ONLY_SECRET, REGION, SECRET_KEY, Moto

ROWS = pa.table({"id": [1, 2, 3]})
TABLE_INPUT = {"Name": "t", "TableType": "EXTERNAL_TABLE", "Parameters": {"n": "0"}}


def code(call, **arguments) -> str:
    with pytest.raises(ClientError) as failure:
        call(**arguments)
    return failure.value.response["Error"]["Code"]


def test_s3_enforces_signatures_and_rights(seaweedfs):
    bucket = seaweedfs.new_bucket()
    seaweedfs.s3().put_object(Bucket=bucket, Key="a b/ü", Body=b"1", IfNoneMatch="*")
    assert seaweedfs.keys(bucket) == ["a b/ü"]
    reader = {"aws_access_key_id": READ_ONLY_KEY, "aws_secret_access_key": READ_ONLY_SECRET}
    assert seaweedfs.s3(**reader).get_object(Bucket=bucket, Key="a b/ü")["Body"].read() == b"1"
    assert code(seaweedfs.s3(**reader).put_object, Bucket=bucket, Key="b", Body=b"") == "AccessDenied"
    wrong = seaweedfs.s3(aws_secret_access_key="wrong")
    assert code(wrong.get_object, Bucket=bucket, Key="a b/ü") == "SignatureDoesNotMatch"
    unknown = seaweedfs.s3(aws_access_key_id="AKIDNOBODY")
    assert code(unknown.get_object, Bucket=bucket, Key="a b/ü") == "InvalidAccessKeyId"
    again = seaweedfs.s3()
    assert code(again.put_object, Bucket=bucket, Key="a b/ü", Body=b"2", IfNoneMatch="*") == "PreconditionFailed"
    assert code(again.put_object, Bucket="no-such-bucket", Key="a", Body=b"") == "NoSuchBucket"


def test_glue_refuses_a_stale_version(glue):
    client = glue.client()
    client.create_database(DatabaseInput={"Name": "db"})
    client.create_table(DatabaseName="db", TableInput=TABLE_INPUT)
    first = client.get_table(DatabaseName="db", Name="t")["Table"]["VersionId"]
    assert client.get_tables(DatabaseName="db")["TableList"][0]["VersionId"] == first
    client.update_table(DatabaseName="db", TableInput=TABLE_INPUT, VersionId=first)
    second = client.get_table(DatabaseName="db", Name="t")["Table"]["VersionId"]
    assert first != second and not second.isdigit()
    changed = {**TABLE_INPUT, "Parameters": {"n": "lost"}}
    for stale in (first, "1"):
        refused = code(client.update_table, DatabaseName="db", TableInput=changed, VersionId=stale)
        assert refused == "ConcurrentModificationException"
    assert client.get_table(DatabaseName="db", Name="t")["Table"]["Parameters"]["n"] == "0"
    assert glue.conflicts == 2
    assert code(client.get_table, DatabaseName="db", Name="none") == "EntityNotFoundException"
    assert code(client.create_table, DatabaseName="db", TableInput=TABLE_INPUT) == "AlreadyExistsException"
    client.delete_table(DatabaseName="db", Name="t")
    client.create_table(DatabaseName="db", TableInput=TABLE_INPUT)
    assert client.get_table(DatabaseName="db", Name="t")["Table"]["VersionId"] not in (first, second)


def test_glue_lets_one_of_many_writers_win(glue):
    glue.client().create_database(DatabaseInput={"Name": "db"})
    glue.client().create_table(DatabaseName="db", TableInput=TABLE_INPUT)

    def count_up(times: int):
        client = glue.client()
        while times:
            table = client.get_table(DatabaseName="db", Name="t")["Table"]
            number = str(int(table["Parameters"]["n"]) + 1)
            changed = {**TABLE_INPUT, "Parameters": {"n": number}}
            try:
                client.update_table(DatabaseName="db", TableInput=changed, VersionId=table["VersionId"])
                times -= 1
            except ClientError as error:
                assert error.response["Error"]["Code"] == "ConcurrentModificationException"

    threads = [threading.Thread(target=count_up, args=(10,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert glue.client().get_table(DatabaseName="db", Name="t")["Table"]["Parameters"]["n"] == "40"
    assert glue.conflicts > 0


def test_pyiceberg_works_on_the_shim_and_loses_nothing(glue, seaweedfs):
    properties = {
        "glue.endpoint": glue.endpoint, "glue.region": REGION, "glue.access-key-id": ACCESS_KEY,
        "glue.secret-access-key": SECRET_KEY, "s3.endpoint": seaweedfs.s3_endpoint, "s3.region": REGION,
        "s3.access-key-id": ACCESS_KEY, "s3.secret-access-key": SECRET_KEY,
    }  # fmt: skip
    catalog = GlueCatalog("glue", **properties)
    catalog.create_namespace("db")
    table = catalog.create_table("db.t", ROWS.schema, location=f"s3://{seaweedfs.new_bucket()}/db/t")
    table.append(ROWS)
    failures = []

    def append():
        mine = GlueCatalog("glue", **properties).load_table("db.t")
        for _ in range(4):
            try:
                mine.append(ROWS)
            except Exception as error:  # the thread's failure is the test's
                failures.append(error)

    threads = [threading.Thread(target=append) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert catalog.load_table("db.t").scan().to_arrow().num_rows == 3 * (9 - len(failures))
    assert glue.conflicts >= len(failures), failures


def test_moto_checks_signatures_when_told(moto: Moto):
    rights = moto.new_user(["glue:*"])
    moto.check_signatures(True)
    try:
        moto.client("glue", **rights).create_database(DatabaseInput={"Name": "db"})
        wrong = {**rights, "aws_secret_access_key": "wrong"}
        for refused in (moto.client("glue", **wrong).get_databases, moto.client("kinesis", **rights).list_streams):
            with pytest.raises(ClientError) as failure:
                refused()
            assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    finally:
        moto.check_signatures(False)
