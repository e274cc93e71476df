"""How the services say that something went wrong, as bytes of HTTP replies."""

import uuid

from http_messages import Head

# What every error of a fault proxy carries, so that a check can find it in a message.
REQUEST_ID = "FAULT-4KQ7-REQUEST"


def error_reply(service: str, fault: str, head: Head) -> tuple[int, bytes]:
    """Status and bytes of the error that a service answers."""
    if service == "s3":
        status, code, message = {
            "internal error": (500, "InternalError", "We encountered an internal error. Please try again."),
            "slow down": (503, "SlowDown", "Please reduce your request rate."),
            "throttled": (503, "ServiceUnavailable", "Service is unable to handle request. Please reduce your rate."),
            "expired credentials": (400, "ExpiredToken", "The provided token has expired."),
        }[fault]
        return status, s3_error(status, code, message)
    if service == "glue":
        status, code, message = {
            "internal error": (500, "InternalServiceException", "Internal service error."),
            "slow down": (503, "ServiceUnavailableException", "Service unavailable."),
            "throttled": (400, "ThrottlingException", "Rate exceeded"),
            "expired credentials": (400, "ExpiredTokenException", "The security token included in the request is expired"),
        }[fault]
        return status, json_error(status, code, message)
    is_signed = head.fields.get("authorization", "").startswith("AWS4")
    if fault == "expired credentials" and is_signed:
        return 403, json_error(403, "ExpiredTokenException", "The security token included in the request is expired")
    if fault == "expired credentials" and head.target.endswith("/oauth/tokens"):
        body = b'{"error":"invalid_client","error_description":"The client secret has expired"}'
        return 401, reply(401, "application/json", body, {"x-amzn-RequestId": REQUEST_ID})
    status, kind, message = {
        "internal error": (500, "InternalServerError", "Internal server error"),
        "slow down": (503, "SlowDownException", "Service is busy"),
        "throttled": (429, "TooManyRequestsException", "Too many requests"),
        "expired credentials": (401, "NotAuthorizedException", "The access token has expired"),
    }[fault]
    body = b'{"error":{"message":"%s","type":"%s","code":%d}}' % (message.encode(), kind.encode(), status)
    return status, reply(status, "application/json", body, {"x-amzn-RequestId": REQUEST_ID})


def s3_error(status: int, code: str, message: str) -> bytes:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
        f"<RequestId>{REQUEST_ID}</RequestId><HostId>{uuid.uuid4().hex}</HostId></Error>"
    )
    return reply(status, "application/xml", body.encode(), {"x-amz-request-id": REQUEST_ID})


def json_error(status: int, code: str, message: str) -> bytes:
    body = b'{"__type":"%s","message":"%s"}' % (code.encode(), message.encode())
    return reply(status, "application/x-amz-json-1.1", body, {"x-amzn-RequestId": REQUEST_ID})


def announcing(length: int, head: bytes) -> bytes:
    """A head that says its body has this many bytes."""
    lines = [line for line in head.rstrip().split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % length, b"", b""])


def reply(status: int, content_type: str, body: bytes, fields: dict) -> bytes:
    lines = [f"HTTP/1.1 {status} Fault", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
