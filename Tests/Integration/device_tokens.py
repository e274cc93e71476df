"""Tokens of devices, made as docs/jobs/edge-gateway.md tells the makers of devices to, without the project's own code."""

import base64
import hashlib
import hmac
import time

MASTER = "integration-master-secret-of-more-than-32-bytes"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def device_key(device: str, master: str = MASTER) -> bytes:
    return hmac.new(master.encode(), b"swiftlake device key v1\n" + device.encode(), hashlib.sha256).digest()


def device_token(device: str, body: bytes, key: bytes | None = None, expiry: int | None = None) -> str:
    key = key or device_key(device)
    name, expiry = base64url(device.encode()), expiry or int(time.time()) + 300
    lines = ["swiftlake device token v1", name, str(expiry), hashlib.sha256(body).hexdigest()]
    code = hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).digest()
    return f"v1.{name}.{expiry}.{base64url(code)}"
