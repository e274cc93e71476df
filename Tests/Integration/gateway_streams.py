"""The stream behind edge-gateway: what reached it, and what should have, judged from the requests alone and without the
project's own code."""

import base64
import gzip
import hashlib
import hmac
import json

from device_tokens import MASTER, base64url, device_key
from servers import ACCESS_KEY, SECRET_KEY

NAME = "sensor-readings"

WHITE = " \t\r\n"


def settings(moto, **environment) -> dict:
    """The environment of a gateway to a stream of moto's."""
    return {
        "AWS_ENDPOINT_URL": moto.endpoint, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "EDGE_MASTER_SECRET": MASTER, "EDGE_DEVICE_RATE": "0", **environment,
    }  # fmt: skip


def new_stream(moto):
    """Makes the stream, and returns a client of it."""
    client = moto.client("kinesis")
    client.create_stream(StreamName=NAME, ShardCount=2)
    client.get_waiter("stream_exists").wait(StreamName=NAME, WaiterConfig={"Delay": 1})
    return client


def stream_records(client, stream: str) -> list[dict]:
    """Every record of a stream, shard by shard in order, each with its shard."""
    found = []
    for shard in client.list_shards(StreamName=stream)["Shards"]:
        iterator = client.get_shard_iterator(
            StreamName=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        while True:
            reply = client.get_records(ShardIterator=iterator, Limit=10_000)
            found += [{**record, "ShardId": shard["ShardId"]} for record in reply["Records"]]
            if not reply["Records"]:
                break
            iterator = reply["NextShardIterator"]
    return found


def as_events(records: list[dict], arn: str) -> list[dict]:
    """The records as Lambda's mappings send them, one event a shard."""
    shards: dict[str, list] = {}
    for record in records:
        shards.setdefault(record["ShardId"], []).append(
            {
                "eventID": f"{record['ShardId']}:{record['SequenceNumber']}",
                "eventName": "aws:kinesis:record",
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "awsRegion": "eu-west-1",
                "eventSourceARN": arn,
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": record["PartitionKey"],
                    "sequenceNumber": record["SequenceNumber"],
                    "data": base64.b64encode(record["Data"]).decode(),
                    "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"].timestamp(),
                },
            }
        )
    return [{"Records": batch} for batch in shards.values()]


def sent_body(event: dict) -> bytes:
    body = event.get("body", "")
    return base64.b64decode(body) if event["isBase64Encoded"] else body.encode()


def proven_device(event: dict) -> str | None:
    """The device whose token a request carries; None if it carries no good one."""
    scheme, _, token = event["headers"].get("authorization", "").partition(" ")
    parts = token.split(".")
    if scheme.lower() != "bearer" or len(parts) != 4 or parts[0] != "v1" or not parts[2].isdigit():
        return None
    try:
        device = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)).decode()
    except ValueError:
        return None
    now = event["requestContext"]["timeEpoch"] / 1000
    if not now - 15 <= int(parts[2]) <= now + 915 or base64url(device.encode()) != parts[1]:
        return None
    lines = ["swiftlake device token v1", parts[1], parts[2], hashlib.sha256(sent_body(event)).hexdigest()]
    code = hmac.new(device_key(device, MASTER), "\n".join(lines).encode(), hashlib.sha256).digest()
    return device if hmac.compare_digest(base64url(code).encode(), parts[3].encode()) else None


def readings_of(event: dict) -> list[bytes]:
    """The readings of a request that was accepted, each as it stands in the body."""
    body = sent_body(event)
    if event["headers"].get("content-encoding", "").strip().lower() in ("gzip", "x-gzip"):
        body = gzip.decompress(body)
    if event["headers"]["content-type"].lower().startswith("application/x-ndjson"):
        return [line.strip(b" \t\r") for line in body.split(b"\n") if line.strip(b" \t\r")]
    text = body.decode()
    if text.strip(WHITE).startswith("{"):
        return [text.strip(WHITE).encode()]
    place, found = text.index("[") + 1, []
    while True:
        while text[place] in WHITE + ",":
            place += 1
        if text[place] == "]":
            return found
        _, end = json.JSONDecoder().raw_decode(text, place)
        found.append(text[place:end].encode())
        place = end


def expected_records(exchanges: list) -> list[tuple[str, bytes]]:
    """Partition key and data of what the stream should hold after these requests. Asserts that nobody without a token
    was accepted, and that no reply of the function's own is a 5xx."""
    records = []
    for event, reply in exchanges:
        assert reply is not None and reply["statusCode"] < 500, (event, reply)
        device = proven_device(event)
        if reply["statusCode"] != 202:
            assert (reply["statusCode"] == 401) == (device is None and event["requestContext"]["http"]["method"] == "POST"
                and event["rawPath"] == "/v1/readings"), (event, reply)  # fmt: skip
            continue
        assert device is not None, f"accepted without a token: {event}"
        answer = json.loads(reply["body"])
        rejected = {reading["index"] for reading in answer["rejected"]}
        taken = [data for index, data in enumerate(readings_of(event)) if index not in rejected]
        assert len(taken) == answer["accepted"]
        for data in taken:
            assert str(int(json.loads(data)["id_device"])) == device
        records += [(device, data) for data in taken]
    return records
