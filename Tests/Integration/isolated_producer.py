"""Runs the packaged bootstrap-topics and simulate-trades in a root of its own, without a network but loopback, against a real
broker that is found by name only, at first and by what it says of itself: isolated_producer.py ROOT FOLDER, with ROOT empty or
bullseye."""

import subprocess
import sys
from pathlib import Path

from isolation import DNS_ELSEWHERE, NameServer, bullseye_root, empty_root, loopback_up
from kafka_brokers import Tansu
from runtime_api import Function

BROKER, MISSING = "b-1.kafka.lake.test", "b-2.kafka.lake.test"
TOPIC = "coinbase-trades"


def run(job: str, root_kind: str, folder: Path, broker: Tansu, event: dict) -> dict:
    """The reply of a job to one event. The first of the brokers that it is told of has no address."""
    folder.mkdir()
    root = empty_root(folder, job) if root_kind == "empty" else bullseye_root(folder, job)
    root.enter()
    bootstrap = "/function/bootstrap" if root_kind == "empty" else "/srv/bootstrap"
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": f"{MISSING}:{broker.port},{BROKER}:{broker.port}", "KAFKA_SECURITY": "plaintext",
        "LAKE_CATALOG": "sqlite:////tmp/catalog.db", "LAKE_WAREHOUSE": "file:///tmp/warehouse",
    }  # fmt: skip
    with Function(job, None, environment, root.command(), bootstrap) as function:
        outcome = function.invoke(event)
        assert outcome.reply is not None, (outcome, function.log_text())
        return outcome.reply


def held(broker: Tansu, count: int) -> list:
    """The records of the topic, as another client finds them from here, where the name server answers too."""
    from confluent_kafka import Consumer, TopicPartition

    consumer = Consumer({"bootstrap.servers": broker.bootstrap_servers, "group.id": "check", "enable.auto.commit": False})
    partitions = consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions
    consumer.assign([TopicPartition(TOPIC, index, 0) for index in partitions])
    records = consumer.consume(count, timeout=10)
    consumer.close()
    return records


def main(root_kind: str, folder: Path):
    loopback_up()
    names = NameServer({BROKER}, "127.0.0.1" if root_kind == "empty" else DNS_ELSEWHERE)
    # For this process, whose own reader follows the broker's name.
    (folder / "hosts").write_text(f"127.0.0.1 localhost {BROKER}\n")
    with Tansu(advertised=BROKER) as broker:
        made = run("bootstrap-topics", root_kind, folder / "topics", broker, {})
        assert made["created"] == 2 and made["failed"] == 0, made
        sent = run("simulate-trades", root_kind, folder / "trades", broker, {"steps": 1})
        asked = [name for name, _ in names.asked]
        assert BROKER in asked and set(asked) <= {BROKER, MISSING}, asked
        subprocess.run(["mount", "--bind", folder / "hosts", "/etc/hosts"], check=True)
        count = sent["records"]["put"]
        assert count > 0 and sent["records"]["failed"] == 0, sent
        records = held(broker, count)
        assert len(records) == count and all(record.value().startswith(b'{"') for record in records)
    print(f"{root_kind}: topics made and {count} trades sent by way of {BROKER}; asked {len(asked)} times")


if __name__ == "__main__":
    Path(sys.argv[2]).mkdir(exist_ok=True)
    main(sys.argv[1], Path(sys.argv[2]))
