"""The server's side of SASL: OAUTHBEARER with MSK's tokens, and SCRAM (RFC 5802)."""

import base64
import calendar
import hashlib
import hmac
import json
import os
import time
from unittest import mock
from urllib.parse import parse_qsl, urlsplit
import datetime

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


class Refused(Exception):
    """Who the client says it is is not believed; the text goes to the client."""


def pairs(message: str) -> dict:
    """`n=user,r=nonce` as a dictionary."""
    return dict(part.split("=", 1) for part in message.split(",") if "=" in part)


class Scram:
    """One exchange of SCRAM: each client's message has an answer, the last of which says that all is well."""

    def __init__(self, mechanism: str, passwords: dict[str, str]):
        self.hash = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}[mechanism]
        self.mechanism = mechanism
        self.passwords = passwords
        self.name = None
        self.is_done = False

    def answer(self, message: bytes) -> bytes:
        return self._first(message.decode()) if self.name is None else self._final(message.decode())

    def _first(self, message: str) -> bytes:
        assert message.startswith("n,,"), message
        self.bare = message[3:]
        fields = pairs(self.bare)
        self.name = fields["n"].replace("=2C", ",").replace("=3D", "=")
        self.salt = os.urandom(16)
        nonce = fields["r"] + base64.b64encode(os.urandom(18)).decode()
        self.server_first = f"r={nonce},s={base64.b64encode(self.salt).decode()},i=4096"
        return self.server_first.encode()

    def _final(self, message: str) -> bytes:
        fields = pairs(message)
        assert fields["c"] == base64.b64encode(b"n,,").decode()
        # As Kafka's brokers check it: before 2.6.1 librdkafka puts its own nonce before the whole once more.
        assert fields["r"].endswith(pairs(self.server_first)["r"]), message
        known = self.passwords.get(self.name)
        salted = hashlib.pbkdf2_hmac(self.hash, (known or "").encode(), self.salt, 4096)
        stored = hashlib.new(self.hash, self._mac(salted, b"Client Key")).digest()
        text = ",".join([self.bare, self.server_first, message.rsplit(",p=", 1)[0]]).encode()
        proof = base64.b64decode(fields["p"])
        key = bytes(a ^ b for a, b in zip(proof, self._mac(stored, text), strict=True))
        if known is None or hashlib.new(self.hash, key).digest() != stored:
            raise Refused(f"Authentication failed during authentication due to invalid credentials with SASL mechanism {self.mechanism}")
        self.is_done = True
        return b"v=" + base64.b64encode(self._mac(self._mac(salted, b"Server Key"), text))

    def _mac(self, key: bytes, text: bytes) -> bytes:
        return hmac.new(key, text, self.hash).digest()


class MSKBearer:
    """One exchange of OAUTHBEARER whose token is a URL that botocore would sign the same."""

    def __init__(self, secrets: dict[str, str], region: str):
        self.secrets = secrets
        self.region = region
        self.is_done = False
        self.problem = None
        self.token = None
        self.name = None

    def answer(self, message: bytes) -> bytes:
        if self.problem:
            assert message == b"\x01", message
            raise Refused(f"Access denied: {self.problem}")
        assert message.startswith(b"n,"), message[:20]
        bearer = next(part for part in message.split(b"\x01") if part.startswith(b"auth="))
        self.token = bearer.decode().removeprefix("auth=Bearer ")
        self.problem = self._problem()
        if self.problem:
            return json.dumps({"status": "invalid_token"}).encode()
        self.is_done = True
        return b""

    def _problem(self) -> str | None:
        url = urlsplit(base64.urlsafe_b64decode(self.token + "=" * (-len(self.token) % 4)).decode())
        query = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=True))
        host = f"kafka.{self.region}.amazonaws.com"
        if (url.scheme, url.netloc, url.path) != ("https", host, "/"):
            return f"the token is for {url.netloc}"
        if query["Action"] != "kafka-cluster:Connect" or query["X-Amz-Expires"] != "900" or "User-Agent" not in query:
            return "the token is for something else"
        signed_at = calendar.timegm(time.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ"))
        if not signed_at - 300 <= time.time() < signed_at + 900:
            return "the token has expired"
        self.name = query["X-Amz-Credential"].split("/")[0]
        if self.name not in self.secrets:
            return "the access key is not known"
        credentials = Credentials(self.name, self.secrets[self.name], query.get("X-Amz-Security-Token"))
        now = datetime.datetime.fromtimestamp(signed_at, datetime.timezone.utc).replace(tzinfo=None)
        request = AWSRequest("GET", f"https://{host}/", params={"Action": "kafka-cluster:Connect"})
        with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: now):
            botocore.auth.SigV4QueryAuth(credentials, "kafka-cluster", self.region, expires=900).add_auth(request)
        expected = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
        if {name: value for name, value in query.items() if name != "User-Agent"} != expected:
            return "the signature is wrong"
        return None
