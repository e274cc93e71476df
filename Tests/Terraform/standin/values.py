"""Values as Terraform passes them: MessagePack, in which extension 0 says that a value is unknown."""

import msgpack

UNKNOWN = msgpack.ExtType(0, b"\0")


def decode(data: bytes):
    return msgpack.unpackb(data, raw=False, strict_map_key=False) if data else None


def encode(value) -> bytes:
    return msgpack.packb(value, use_bin_type=True)


def is_unknown(value) -> bool:
    return isinstance(value, msgpack.ExtType)
