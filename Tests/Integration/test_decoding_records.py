"""The record decoder against Python's json: the same documents accepted, and the same values to the last bit."""

import base64
import datetime
import decimal
import json
import math
import random
import re
import struct
import sys

import support

COLUMNS = {
    "flag": "boolean", "small": "int", "big": "long", "single": "float", "cpu": "double", "day": "date",
    "at": "timestamp", "zoned": "timestamptz:format=epoch_ms", "name": "string", "raw": "binary",
}
ARGUMENT = ",".join(f"{name}:{kind}" for name, kind in COLUMNS.items())
EPOCH = datetime.datetime(1970, 1, 1)
REFUSED = object()


class Refused(Exception):
    """A document that the decoder is documented to refuse."""


def test_generated_and_mutated_documents_decode_as_pythons_json_reads_them():
    chance = random.Random(20261121)
    documents = []
    for _ in range(12_000):
        text = document(chance)
        documents += [text, mutated(chance, text), mutated(chance, mutated(chance, text))]
    counts = compare(documents)
    print(f"{len(documents)} documents against json of Python {sys.version.split()[0]}: {counts}")
    assert counts["rows"] > 8_000 and counts["errors"] > 8_000


def test_base64_records_decode_as_the_plain_ones():
    chance = random.Random(7)
    documents = [document(chance) for _ in range(2_000)]
    plain = decode(documents)
    encoded = decode([base64.b64encode(text) for text in documents], "base64")
    assert plain == encoded


def test_doubles_and_floats_are_rounded_as_python_and_ieee_754_round():
    chance = random.Random(3)
    texts = ["1e400", "-1.8e308", "5e-324", "2.4703282292062327e-324", "1e23", "9007199254740993", "-0", "-0.0"]
    for _ in range(20_000):
        bits = chance.getrandbits(64)
        value = struct.unpack("<d", struct.pack("<Q", bits))[0]
        if math.isfinite(value):
            texts.append(repr(value))
        digits = chance.randrange(1, 40)
        texts.append(f"{chance.randrange(10**digits)}e{chance.randrange(-340, 310)}")
        texts.append(f"{chance.randrange(10**chance.randrange(1, 20))}.{chance.randrange(10**chance.randrange(1, 20))}")
    counts = compare([f'{{"cpu":{text},"single":{chance_float(text)}}}'.encode() for text in texts])
    assert counts["rows"] > 30_000


def chance_float(text):
    """The same number where a float can hold it, or zero."""
    return text if abs(decimal.Decimal(text)) < decimal.Decimal("3.4e38") else "0"


# What the documents are made of.


def document(chance):
    names = list(COLUMNS) + ["other", "na\u00efve", "", "cpu "]
    members = []
    for name in chance.sample(names, chance.randrange(len(names) + 1)):
        members.append((name, value(chance, COLUMNS.get(name, "any").split(":")[0])))
    if members and chance.random() < 0.1:
        members.append(chance.choice(members)[:1] + (value(chance, "any"),))
    space = chance.choice(["", " ", "\n\t ", ""])
    text = ("," + space).join(f"{key(chance, name)}{space}:{space}{text}" for name, text in members)
    return f"{space}{{{space}{text}{space}}}{space}".encode()


def key(chance, name):
    if name and chance.random() < 0.05:
        return '"' + "".join(f"\\u{ord(c):04x}" for c in name) + '"'
    return json.dumps(name, ensure_ascii=chance.random() < 0.5)


def value(chance, kind):
    if chance.random() < 0.08:
        return "null"
    # Now and then a value of another kind, or one just past what is allowed.
    past = chance.random() < 0.03
    if kind == "any" or chance.random() < 0.01:
        kind = chance.choice(["boolean", "int", "long", "double", "date", "timestamp", "string", "binary", "nested"])
    if kind == "boolean":
        return chance.choice(["true", "false"])
    if kind in ("int", "long", "timestamptz"):
        limit = 2**31 if kind == "int" else 2**63 if kind == "long" else 10**15
        number = chance.choice([chance.randrange(-100, 100), chance.randrange(-limit, limit), limit - 1, -limit])
        if past:
            return chance.choice([f"{limit}", f"{-limit - 1}", f"{number}.5", f"{number}e19"])
        return chance.choice(["%d", "%d", "%d.0", "%de0", "%d0e-1"]) % number
    if kind in ("float", "double"):
        return chance.choice([f"{chance.uniform(-100, 100):.2f}", repr(chance.uniform(-1e9, 1e9)), "1E-5", "-0.0", "0"])
    if kind == "date" and chance.random() < 0.3:
        kind = "timestamp"
    if kind == "date":
        return f'"{chance.randrange(1, 10_000):04}-{chance.randrange(1 - past, 13 + past):02}-{chance.randrange(1 - past, 29 + 4 * past):02}"'
    if kind == "timestamp":
        fraction = chance.choice(["", ".5", f".{chance.randrange(10**6):06}", f".{chance.randrange(10**9):09}"])
        zone = chance.choice(["", "Z", "+01:00", "-0330", "+14"])
        return (
            f'"{chance.randrange(1, 10_000):04}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29 + 3 * past):02}{chance.choice("T ")}'
            f'{chance.randrange(0, 24 + past):02}:{chance.randrange(0, 60):02}:{chance.randrange(0, 60 + past):02}{fraction}{zone}"'
        )
    if kind == "binary":
        return json.dumps(base64.b64encode(chance.randbytes(chance.randrange(20))).decode())
    if kind == "nested":
        return chance.choice(["[]", "{}", '[1,{"a":[null,"x"]}]', '{"cpu":1,"a":{"b":"\\ud83d\\ude00"}}'])
    text = "".join(chance.choice('abc \\"/\n\t\x00\x1f\x7f\u00e9\u2028\U0001f600\uffff') for _ in range(chance.randrange(30)))
    return json.dumps(text, ensure_ascii=chance.random() < 0.5)


def mutated(chance, text):
    text = bytearray(text)
    alphabet = b'{}[]:,"\\u0123456789eE+-.tfnNI \n\x01\x80\xc3\xff\x00'
    for _ in range(chance.randrange(1, 3)):
        place = chance.randrange(len(text)) if text else 0
        action = chance.randrange(5)
        if action == 0 and text:
            text[place] = chance.choice(alphabet)
        elif action == 1:
            text.insert(place, chance.choice(alphabet))
        elif action == 2 and text:
            del text[place]
        elif action == 3:
            text = text[:place]
        elif text:
            end = chance.randrange(place, len(text))
            text[place:place] = text[place:end][:20]
    return bytes(text)


# What Python says of them.


def compare(documents):
    counts = {"rows": 0, "errors": 0}
    for text, answer in zip(documents, decode(documents), strict=True):
        expected = expect(text)
        if expected is REFUSED:
            assert answer[0] == "error", (text, answer)
            assert 0 <= int(answer[2]) <= len(text), (text, answer)
            counts["errors"] += 1
        else:
            assert answer == ["row", *expected], (text, answer, expected)
            counts["rows"] += 1
    return counts


def decode(documents, *arguments):
    lines = "".join(text.hex() + "\n" for text in documents).encode()
    done = support.conformance("decode-records", ARGUMENT, *arguments, input=lines)
    answers = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert len(answers) == len(documents)
    return answers


def expect(text):
    """The row that json and the documented rules give, or REFUSED."""

    def refuse(_):
        raise Refused

    try:
        record = json.loads(
            text.decode("utf-8"), parse_int=decimal.Decimal, parse_float=decimal.Decimal, parse_constant=refuse,
            object_pairs_hook=members,
        )
        if not isinstance(record, dict):
            return REFUSED
        return [convert(kind, record.get(name)) for name, kind in COLUMNS.items()]
    except (ValueError, Refused, decimal.InvalidOperation, OverflowError):
        return REFUSED


def members(pairs):
    """An object, of which those members too are checked that a later one of the same name replaces."""
    for name, member in pairs:
        check_surrogates(name)
        check_surrogates(member)
    return dict(pairs)


def check_surrogates(value):
    """Python's json lets a lone surrogate pass; RFC 8259 leaves it open, and UTF-8 cannot hold it."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, list):
        for element in value:
            check_surrogates(element)


def convert(kind, value):
    if value is None:
        return "-"
    kind, _, form = kind.partition(":format=")
    if kind == "boolean":
        return {True: "true", False: "false"}[require(value, bool)]
    if kind in ("int", "long"):
        number = require(value, decimal.Decimal)
        if number.adjusted() > 40:
            raise Refused
        if number != number.to_integral_value():
            raise Refused
        whole = int(number)
        if not -(2 ** (31 if kind == "int" else 63)) <= whole < 2 ** (31 if kind == "int" else 63):
            raise Refused
        return str(whole)
    if kind == "double":
        return finite(float(require(value, decimal.Decimal)), "<d", "<Q")
    if kind == "float":
        return finite(nearest_float(require(value, decimal.Decimal)), "<f", "<I")
    if kind == "string":
        return "x" + require(value, str).encode().hex()
    if kind == "binary":
        text = require(value, str).encode("ascii")
        plain = base64.b64decode(text, validate=True)
        if base64.b64encode(plain) != text:
            raise Refused
        return "x" + plain.hex()
    if kind == "date":
        text = require(value, str)
        if len(text) != 10 or not text.isascii():
            return str(int(timestamp(text)) // 86_400_000_000)
        return str((datetime.datetime.strptime(text, "%Y-%m-%d") - EPOCH).days)
    if form == "epoch_ms":
        return epoch(value)
    return timestamp(require(value, str))


def require(value, kind):
    if type(value) is not kind:
        raise Refused
    return value


def finite(value, form, bits):
    if not math.isfinite(value):
        raise Refused
    return f"{struct.unpack(bits, struct.pack(form, value))[0]:x}"


def nearest_float(number):
    """The float nearest to a decimal, ties to even, found among the neighbours of a first guess."""
    if number.adjusted() < -60:
        return math.copysign(0.0, -1.0 if number.is_signed() else 1.0)
    if abs(number) >= decimal.Decimal(2) ** 128 - decimal.Decimal(2) ** 103:
        raise Refused
    with decimal.localcontext(prec=400):
        magnitude = abs(number)
        guess = struct.unpack("<I", struct.pack("<f", min(float(magnitude), 3.4028234663852886e38)))[0]
        near = [struct.unpack("<f", struct.pack("<I", bits))[0] for bits in (guess - 1, guess, guess + 1) if 0 <= bits < 0x7F800000]
        best = min(near, key=lambda f: (abs(decimal.Decimal(f) - magnitude), struct.unpack("<I", struct.pack("<f", f))[0] & 1))
    return math.copysign(best, -1.0 if number.is_signed() else 1.0)


def epoch(value):
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_int=decimal.Decimal, parse_float=decimal.Decimal) if value == value.strip(" \t\r\n") else None
        except ValueError:
            raise Refused from None
    number = require(value, decimal.Decimal)
    if number.adjusted() > 40:
        raise Refused
    return in_range(int(number * 1000) if number.adjusted() > -40 else 0)


def timestamp(text):
    """ISO 8601 as documented: a strict shape, then the calendar of datetime."""
    shape = r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?"
    match = re.fullmatch(shape, text, re.ASCII)
    if not match:
        raise Refused
    day, minute, second, fraction, zone = match.groups()
    time = datetime.datetime.strptime(f"{day} {minute}:{second or '00'}", "%Y-%m-%d %H:%M:%S")
    microseconds = (time - EPOCH) // datetime.timedelta(microseconds=1) + int((fraction or "0").ljust(6, "0")[:6])
    if int(second or 0) > 59:
        raise Refused
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        if int(digits[:2]) > 23 or int(digits[2:]) > 59:
            raise Refused
        ahead = (int(digits[:2]) * 60 + int(digits[2:])) * 60_000_000
        microseconds += ahead if zone[0] == "-" else -ahead
    return in_range(microseconds)


def in_range(microseconds):
    if not -62_135_596_800_000_000 <= microseconds <= 253_402_300_799_999_999:
        raise Refused
    return str(microseconds)
