"""What a month costs: the arithmetic behind the tables of deploy.md.

    python3 docs/costs.py            prints the tables
    python3 docs/costs.py --check    fails if deploy.md has other ones
    python3 docs/costs.py --write    puts them into deploy.md

Prices are list prices of us-east-1 in US dollars, without tax, free tier, discounts and savings plans. Change them here to those
of your region, and the workload to yours.
"""

import math
import sys
from pathlib import Path

HOURS = 730
SECONDS = HOURS * 3600

PRICE = {
    # Kinesis, provisioned: an hour of a shard, and a million records of at most 25 kB.
    "shard hour": 0.015,
    "million puts": 0.014,
    # Lambda, x86: a million requests, and a second of a gigabyte.
    "million requests": 0.20,
    "GB second": 0.0000166667,
    # S3 Standard: a thousand writes, a gigabyte for a month. Deletes are free.
    "thousand writes": 0.005,
    "GB month": 0.023,
    # Glue's Data Catalog: a million calls beyond the first.
    "million catalog calls": 1.00,
    # CloudWatch: a gigabyte of logs, a metric, an alarm. KMS: a key. Secrets Manager: a secret. Athena: a terabyte read.
    "GB logs": 0.50,
    "metric": 0.30,
    "alarm": 0.10,
    "key": 1.00,
    "secret": 0.40,
    "TB scanned": 5.00,
    # EC2 and what EMR adds to it, by the hour of an m5.xlarge; EBS gp2.
    "m5.xlarge hour": 0.192,
    "EMR on m5.xlarge hour": 0.048,
    "GB disk": 0.10,
    # Firehose from Kinesis to Parquet in S3: a gigabyte taken in, and converted. Each record counts as a multiple of 5 kB.
    "GB firehose": 0.029,
    "GB conversion": 0.018,
    # MSK: an hour of a broker, a gigabyte of its disk. VPC: an hour of a NAT gateway, and of an endpoint in one zone.
    "kafka.t3.small hour": 0.0456,
    "kafka.m7g.large hour": 0.204,
    "GB broker disk": 0.10,
    "NAT hour": 0.045,
    "endpoint hour": 0.01,
}

RATES = [10, 1_000, 10_000]  # records a second

# The readings of the iot lake: bytes of one as JSON, and of its row in Parquet (180,329 bytes of 7,894 rows were measured).
RECORD_BYTES = 150
ROW_BYTES = 180_329 / 7_894
# The mapping of kinesis-ingest: an invocation takes what came within the window, and at most so many records.
WINDOW_SECONDS = 60
BATCH_RECORDS = 10_000
# An invocation: memory, and time. The work takes 17 ms at 7,894 records; most of it is two waves of requests to S3 and Glue.
MEMORY_GB = 0.5
INVOCATION_SECONDS = 0.3
# Objects that a commit writes: data file, manifest, manifest list, metadata. Calls of Glue: GetTable, UpdateTable.
WRITES_PER_COMMIT = 4
CATALOG_CALLS_PER_COMMIT = 2
LOG_BYTES_PER_INVOCATION = 2_500
# What the iot lake has of these, whatever the rate.
METRICS, ALARMS, KEYS, SECRETS = 45, 46, 4, 1


def shards(rate: int) -> int:
    """A shard takes 1,000 records or 1 MB a second; a fifth is left free where there are several."""
    wanted = max(rate / 1_000, rate * RECORD_BYTES / 1e6)
    return 1 if wanted < 0.8 else math.ceil(wanted * 1.2)


def kinesis(rate: int) -> float:
    return shards(rate) * HOURS * PRICE["shard hour"] + rate * SECONDS / 1e6 * PRICE["million puts"]


def invocations(rate: int) -> float:
    """In a month, of all shards: one each window, or as often as a batch is full."""
    a_shard = rate / shards(rate)
    return shards(rate) * SECONDS / min(WINDOW_SECONDS, BATCH_RECORDS / a_shard)


def swiftlake(rate: int) -> dict[str, float]:
    calls = invocations(rate)
    rows_gb = rate * SECONDS * ROW_BYTES / 1e9
    return {
        "Lambda": calls / 1e6 * PRICE["million requests"] + calls * INVOCATION_SECONDS * MEMORY_GB * PRICE["GB second"],
        "S3 writes": calls * WRITES_PER_COMMIT / 1_000 * PRICE["thousand writes"],
        "Glue": max(0, calls * CATALOG_CALLS_PER_COMMIT / 1e6 - 1) * PRICE["million catalog calls"],
        "Athena, compacting": rows_gb / 1e3 * PRICE["TB scanned"],
        "logs, metrics, alarms": calls * LOG_BYTES_PER_INVOCATION / 1e9 * PRICE["GB logs"]
        + METRICS * PRICE["metric"] + ALARMS * PRICE["alarm"],
        "keys, secrets": KEYS * PRICE["key"] + SECRETS * PRICE["secret"],
    }


def emr(rate: int) -> float:
    """A cluster that runs Spark Structured Streaming day and night: a primary node and two core nodes, four at the highest rate."""
    nodes = 3 if rate < 10_000 else 5
    return nodes * (HOURS * (PRICE["m5.xlarge hour"] + PRICE["EMR on m5.xlarge hour"]) + 64 * PRICE["GB disk"])


def firehose(rate: int, billed_bytes: int) -> float:
    """Of records that each count as so many bytes."""
    return rate * SECONDS * billed_bytes / 1e9 * (PRICE["GB firehose"] + PRICE["GB conversion"])


def storage(rate: int) -> float:
    return rate * SECONDS * ROW_BYTES / 1e9 * PRICE["GB month"]


def dollars(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def row(name: str, values) -> str:
    return f"| {name} | " + " | ".join(dollars(value) for value in values) + " |"


def tables() -> str:
    head = "| | " + " | ".join(f"{rate:,}/s" for rate in RATES) + " |"
    line = "|---" * (len(RATES) + 1) + "|"
    parts = [swiftlake(rate) for rate in RATES]
    total = [sum(part.values()) for part in parts]
    stream = [kinesis(rate) for rate in RATES]
    out = ["**What Swiftlake adds to a Kinesis stream**, $ a month:", "", head, line]
    out += [row(name, [part[name] for part in parts]) for name in parts[0]]
    out += [row("**together**", total), ""]
    out += ["**Three designs for the same stream**, $ a month, each with the stream itself and the rows of one month in S3:", "", head, line]
    out += ["| shards, invocations a month | " + " | ".join(f"{shards(rate)}, {invocations(rate):,.0f}" for rate in RATES) + " |"]
    out += [row("Kinesis, in all three", stream), row("storage of a month's rows, in all three", [storage(rate) for rate in RATES])]
    base = [kinesis(rate) + storage(rate) for rate in RATES]
    out += [row("**Swiftlake**", [a + b for a, b in zip(base, total)])]
    out += [row("**EMR**, Spark day and night", [a + emr(rate) for a, rate in zip(base, RATES)])]
    out += [row("**Firehose** to Parquet, records as they are", [a + firehose(rate, 5_000) for a, rate in zip(base, RATES)])]
    out += [row("**Firehose**, if producers pack records into 5 kB", [a + firehose(rate, RECORD_BYTES) for a, rate in zip(base, RATES)])]
    brokers = 3 * HOURS * PRICE["kafka.t3.small hour"]
    larger = 3 * HOURS * PRICE["kafka.m7g.large hour"]
    disks = 3 * 100 * PRICE["GB broker disk"]
    nat, endpoints = HOURS * PRICE["NAT hour"], 3 * HOURS * PRICE["endpoint hour"]
    out += ["", "**What a Kafka cluster made here adds**, $ a month, at any of these rates:", "", "| | |", "|---|---|"]
    out += [f"| three brokers `kafka.m7g.large`, as by default | {dollars(larger)} |"]
    out += [f"| or three `kafka.t3.small` without KRaft, for trials, where MSK still takes them | {dollars(brokers)} |"]
    out += [f"| their disks, 100 GB each | {dollars(disks)} |"]
    out += [f"| a NAT gateway, for poll-quotes | {dollars(nat)} |", f"| four endpoints in three zones; two, with `network = {{ endpoints = [] }}`, are half of it | {dollars(4 * endpoints)} |"]
    return "\n".join(out)


BEGIN, END = "<!-- costs: begin -->", "<!-- costs: end -->"


def main() -> int:
    page = Path(__file__).parent / "deploy.md"
    if sys.argv[1:] not in ([], ["--check"], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 64
    if not sys.argv[1:]:
        print(tables())
        return 0
    before, rest = page.read_text().split(BEGIN)
    after = rest.split(END)[1]
    wanted = f"{before}{BEGIN}\n{tables()}\n{END}{after}"
    if sys.argv[1] == "--write":
        page.write_text(wanted)
    elif page.read_text() != wanted:
        print(f"{page.name}: its cost tables are not what costs.py computes: run python3 docs/costs.py --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
