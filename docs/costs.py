"""What a month costs: the arithmetic behind the tables of deploy.md.

    python3 docs/costs.py            prints the tables
    python3 docs/costs.py --check    fails if deploy.md has other ones, or terraform.tfvars.example other sums
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
    # Glue's Data Catalog: a million calls, of which the first in a month is free.
    "million catalog calls": 1.00,
    # CloudWatch: a gigabyte of logs, a metric, a metric that an alarm looks at, a dashboard. X-Ray: a million traces.
    "GB logs": 0.50,
    "metric": 0.30,
    "alarm": 0.10,
    "dashboard": 3.00,
    "million traces": 5.00,
    # KMS: a key. Secrets Manager: a secret. Athena: a terabyte read.
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

# Measured. The readings of the iot lake: bytes of one as JSON, and of its row in Parquet (180,329 bytes of 7,894 rows), and how many
# fill an event of 6 MB, which is before the mapping's bound of 10,000 records. In how many seconds kinesis-ingest and
# detect-anomalies gather them.
RECORD_BYTES = 150
ROW_BYTES = 180_329 / 7_894
EVENT_RECORDS = 7_894
INGEST_WINDOW, DETECTION_WINDOW = 60, 5
# Objects that a commit writes, and their bytes without the data file: that, a manifest, the manifest list and the metadata of a
# table with 200 snapshots and one shard; of detect-anomalies, which has 20 and mostly no alert, only list and metadata.
INGEST_WRITES, INGEST_METADATA = 4, 226_582 + 17_149 + 4_485
DETECTION_WRITES, DETECTION_METADATA = 2, 58_127 + 1_474
# GetTable and UpdateTable.
CATALOG_CALLS = 2

# Counted in plans: what alarms look at, as each metric of an alarm is billed, and metrics of our own that the dashboard shows. The
# iot lake's ingest, with everything but simulators, the simulator's, and what the crypto lake adds to all that.
INGEST_ALARMS, IOT_ALARMS, SIMULATOR_ALARMS, CRYPTO_ALARMS = 30, 47, 6, 55
INGEST_METRICS, IOT_METRICS, SIMULATOR_METRICS, CRYPTO_METRICS = 18, 33, 3, 44
KEYS, SECRETS = 4, 1

# Assumed. Memory is what jobs.tf gives; the work on 7,894 records takes 17 ms, and two waves of requests to S3 and Glue most of an
# invocation's time, which no AWS account has measured. A simulator works for a minute each minute.
MEMORY_GB, INVOCATION_SECONDS = 0.5, 0.3
PRODUCER_GB, PRODUCER_SECONDS = 0.25, 60
LOG_BYTES_PER_INVOCATION = 2_500


def shards(rate: int) -> int:
    """A shard takes 1,000 records or 1 MB a second; a fifth is left free where there are several."""
    wanted = max(rate / 1_000, rate * RECORD_BYTES / 1e6)
    return 1 if wanted < 0.8 else math.ceil(wanted * 1.2)


def kinesis(rate: int) -> float:
    return shards(rate) * HOURS * PRICE["shard hour"] + rate * SECONDS / 1e6 * PRICE["million puts"]


def invocations(rate: int, window: int = INGEST_WINDOW) -> float:
    """In a month, of all shards: one each window, or as often as an event is full."""
    a_shard = rate / shards(rate)
    return shards(rate) * SECONDS / min(window, EVENT_RECORDS / a_shard)


def function(calls: float, memory: float = MEMORY_GB, seconds: float = INVOCATION_SECONDS) -> float:
    return calls / 1e6 * PRICE["million requests"] + calls * seconds * memory * PRICE["GB second"]


def observed(calls: float) -> float:
    """Logs and traces: X-Ray records an invocation a second, and a twentieth of the others."""
    traces = min(calls, SECONDS) + max(0, calls - SECONDS) / 20
    return calls * LOG_BYTES_PER_INVOCATION / 1e9 * PRICE["GB logs"] + traces / 1e6 * PRICE["million traces"]


def rows_gb(rate: int) -> float:
    return rate * SECONDS * ROW_BYTES / 1e9


def storage(rate: int) -> float:
    return rows_gb(rate) * PRICE["GB month"]


def ingest(rate: int) -> dict[str, float]:
    calls = invocations(rate)
    return {
        "Lambda": function(calls),
        "S3, writing": calls * INGEST_WRITES / 1_000 * PRICE["thousand writes"],
        "Glue": calls * CATALOG_CALLS / 1e6 * PRICE["million catalog calls"],
        "logs and traces": observed(calls),
        "Athena, compacting": rows_gb(rate) / 1e3 * PRICE["TB scanned"],
        # Metadata that the next commit replaces, and files that compaction does.
        "S3, what was replaced, for 30 days": (calls * INGEST_METADATA / 1e9 + rows_gb(rate)) * PRICE["GB month"],
    }


def detection(rate: int) -> float:
    """detect-anomalies: its batches, each a commit, and the check of each minute, which rarely is one."""
    calls = invocations(rate, DETECTION_WINDOW)
    check = SECONDS / 60
    return (
        function(calls + check)
        + observed(calls + check)
        + calls * DETECTION_WRITES / 1_000 * PRICE["thousand writes"]
        + calls * CATALOG_CALLS / 1e6 * PRICE["million catalog calls"]
        + calls * DETECTION_METADATA / 1e9 * PRICE["GB month"]
    )


def watched(metrics: int, alarms: int) -> float:
    return metrics * PRICE["metric"] + alarms * PRICE["alarm"]


def producer() -> float:
    """A simulator, or poll-quotes: its function."""
    calls = SECONDS / 60
    return function(calls, PRODUCER_GB, PRODUCER_SECONDS) + observed(calls)


def emr(rate: int) -> float:
    """A cluster that runs Spark Structured Streaming day and night: a primary node and two core nodes, four at the highest rate."""
    nodes = 3 if rate < 10_000 else 5
    return nodes * (HOURS * (PRICE["m5.xlarge hour"] + PRICE["EMR on m5.xlarge hour"]) + 64 * PRICE["GB disk"])


def firehose(rate: int, billed_bytes: int) -> float:
    """Of records that each count as so many bytes."""
    return rate * SECONDS * billed_bytes / 1e9 * (PRICE["GB firehose"] + PRICE["GB conversion"])


def dollars(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def row(name: str, values) -> str:
    return f"| {name} | " + " | ".join(dollars(value) for value in values) + " |"


def counts(name: str, values) -> str:
    return f"| {name} | " + " | ".join(f"{value:,.0f}" for value in values) + " |"


def designs() -> list[str]:
    parts = [ingest(rate) for rate in RATES]
    base = [kinesis(rate) + storage(rate) for rate in RATES]

    def design(name: str, costs) -> str:
        return row(name, [shared + cost for shared, cost in zip(base, costs)])

    return [
        "**The ingest of one stream, in three designs**, $ a month, with the stream and a month's rows, without metrics, alarms and keys:",
        "",
        *head(),
        counts("shards", [shards(rate) for rate in RATES]),
        counts("invocations of `kinesis-ingest` a month", [invocations(rate) for rate in RATES]),
        row("Kinesis, in all three", [kinesis(rate) for rate in RATES]),
        row("storage of a month's rows, in all three", [storage(rate) for rate in RATES]),
        *[row(f"Swiftlake: {name}", [part[name] for part in parts]) for name in parts[0]],
        design("**Swiftlake**, all of these", [sum(part.values()) for part in parts]),
        design("**EMR**, Spark day and night", [emr(rate) for rate in RATES]),
        design("**Firehose** to Parquet, records as they are", [firehose(rate, 5_000) for rate in RATES]),
        design("**Firehose**, if producers pack records into 5 kB", [firehose(rate, RECORD_BYTES) for rate in RATES]),
    ]


WATCHING = watched(INGEST_METRICS, INGEST_ALARMS) + PRICE["dashboard"]
MORE = watched(IOT_METRICS - INGEST_METRICS, IOT_ALARMS - INGEST_ALARMS) + SECRETS * PRICE["secret"]


def ingested(rate: int) -> float:
    return kinesis(rate) + storage(rate) + sum(ingest(rate).values())


def simulator() -> float:
    return producer() + watched(SIMULATOR_METRICS, SIMULATOR_ALARMS)


def together(rate: int) -> float:
    """All but the simulator."""
    return ingested(rate) + WATCHING + KEYS * PRICE["key"] + detection(rate) + MORE


def whole() -> list[str]:
    return [
        "**The whole lake of sensors**, $ a month:",
        "",
        *head(),
        row("stream, storage and ingest, from above", [ingested(rate) for rate in RATES]),
        row("metrics and alarms of the ingest, the dashboard", [WATCHING] * len(RATES)),
        row("four keys", [KEYS * PRICE["key"]] * len(RATES)),
        counts("invocations of `detect-anomalies` with records a month", [invocations(rate, DETECTION_WINDOW) for rate in RATES]),
        row("`detect-anomalies`", [detection(rate) for rate in RATES]),
        row("metrics and alarms of alerts and gateway, a secret", [MORE] * len(RATES)),
        row("**together**, `features = { simulators = false }`", [together(rate) for rate in RATES]),
        row("`simulate-sensors`, a minute each minute, with its alarms", [simulator()] * len(RATES)),
        row("**together**, as `terraform.tfvars.example` has it", [together(rate) + simulator() for rate in RATES]),
    ]


def kafka() -> list[str]:
    endpoints = 3 * HOURS * PRICE["endpoint hour"]
    crypto = watched(CRYPTO_METRICS, CRYPTO_ALARMS) + PRICE["secret"]
    lines = [
        ("three brokers `kafka.m7g.large`, as by default", 3 * HOURS * PRICE["kafka.m7g.large hour"]),
        ("or three `kafka.t3.small` without KRaft, for trials, where MSK still takes them", 3 * HOURS * PRICE["kafka.t3.small hour"]),
        ("their disks, 100 GB each", 3 * 100 * PRICE["GB broker disk"]),
        ("a NAT gateway, for poll-quotes", HOURS * PRICE["NAT hour"]),
        ("four endpoints in three zones; two, with `network = { endpoints = [] }`, are half of it", 4 * endpoints),
        ("`poll-quotes`, a minute each minute", producer()),
        ("`simulate-trades`, the same", producer()),
        ("metrics and alarms of the crypto lake, a secret", crypto),
    ]
    title = "**What the crypto lake and a Kafka cluster made here add**, $ a month, before any record:"
    return [title, "", "| | |", "|---|---|", *[row(name, [cost]) for name, cost in lines]]


def head() -> list[str]:
    return ["| | " + " | ".join(f"{rate:,}/s" for rate in RATES) + " |", "|---" * (len(RATES) + 1) + "|"]


def tables() -> str:
    return "\n".join([*designs(), "", *whole(), "", *kafka()])


BEGIN, END = "<!-- costs: begin -->", "<!-- costs: end -->"


def main() -> int:
    page = Path(__file__).parent / "deploy.md"
    example = Path(__file__).parents[1] / "terraform" / "terraform.tfvars.example"
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
    # The simulator makes twelve readings a second.
    bill = f"about {together(10) + simulator():.0f} dollars a month, or {together(10):.0f} without the simulator"
    if bill not in example.read_text():
        print(f"{example.name}: should say: {bill}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
