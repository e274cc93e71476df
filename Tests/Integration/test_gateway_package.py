"""The shipped edge-gateway under AWS's Runtime Interface Emulator, with moto's Kinesis behind it."""

import json

from device_tokens import device_token
from emulator import Emulator, emulator_path
from gateway_streams import NAME, new_stream, settings, stream_records
from isolation import unpacked
from support import ROOT


def test_requests_are_answered_under_the_emulator(moto, tmp_path):
    job, stream = tmp_path / "function", new_stream(moto)
    unpacked("edge-gateway", job)
    sample = json.loads((ROOT / "events" / "edge-gateway.json").read_text())
    emulator = Emulator(tmp_path, str(job / "bootstrap"), **settings(moto))
    try:
        assert json.loads(emulator.invoke(sample))["statusCode"] == 401, emulator.lines()
        body = sample["body"].encode()
        sample["headers"]["authorization"] = f"Bearer {device_token('7', body)}"
        reply = json.loads(emulator.invoke(sample))
        assert reply["statusCode"] == 202 and json.loads(reply["body"]) == {"accepted": 1, "rejected": []}
    finally:
        emulator.close()
    assert [record["Data"] for record in stream_records(stream, NAME)] == [body]
    print(f"checked against {emulator_path()}")
