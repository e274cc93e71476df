"""Read by schemathesis: writes lines of JSON, compresses what is said to be gzip, and signs each request as its device would, over the very bytes that go out; some with a token that is
wrong, so that what an API refuses is seen too."""

import gzip
import json
import random

import requests
import schemathesis
from device_tokens import device_token

numbers = random.Random(5)


class DeviceAuth(requests.auth.AuthBase):
    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        if request.headers.get("Content-Encoding") == "gzip":
            request.body = body = gzip.compress(body)
        token = device_token("7", body)
        if numbers.random() < 0.1:
            place = numbers.randrange(3, len(token))
            token = token[:place] + numbers.choice("aA0._-") + token[place + 1:]
        request.headers["Authorization"] = f"Bearer {token}"
        return request


@schemathesis.serializer("application/x-ndjson")
def lines(_, value):
    readings = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(reading) for reading in readings).encode()


schemathesis.auth.set_from_requests(DeviceAuth())
