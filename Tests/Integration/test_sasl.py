"""How the functions sign in to Kafka: real SASL and TLS frames against a stub broker that checks proofs, tokens and sessions.

The function is bootstrap-topics, which asks for topics and changes nothing here.
"""

import json
import time
from importlib.metadata import version

import pytest
from authority import Authority
from aws_lakes import packaged
from conformance_calls import ConformanceCalls
from kafka_brokers import with_bundled_library
from runtime_api import Function, Outcome
from sasl_broker import SaslBroker

SECRET = "s3cr3t/key+of=the.function"
PASSWORD = "corréct horse,=battery"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDLAKE", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": "session//token+="}


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "brokers")


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.sign("localhost")


def function(broker: SaslBroker, authority: Authority | None, security: str, **environment) -> Function:
    settings = {"LAKE_LOCAL": "1", "AWS_REGION": "eu-west-1", "KAFKA_BOOTSTRAP_SERVERS": broker.address, "KAFKA_SECURITY": security}
    if authority:
        settings["KAFKA_CA_BUNDLE"] = str(authority.path)
    return Function("bootstrap-topics", None, settings | environment, program=packaged("bootstrap-topics"))


def ask(broker: SaslBroker, authority: Authority | None, security: str, **environment) -> Outcome:
    with function(broker, authority, security, **environment) as started:
        return started.invoke({"dryRun": True})


def refusal(outcome: Outcome, *secrets: str) -> str:
    """The message of a function error that shows none of these, in its logs either."""
    assert outcome.error and outcome.error["errorType"] == "Topics.Failed", outcome
    for text in (outcome.error["errorMessage"], json.dumps(outcome.logs, ensure_ascii=False)):
        for secret in secrets:
            assert secret not in text, text
    return outcome.error["errorMessage"]


def test_plaintext_needs_no_authentication():
    with SaslBroker() as broker:
        assert ask(broker, None, "plaintext").reply["created"] == 2
    assert broker.seen("handshake") == []


def test_tls_alone(authority, certificate):
    with SaslBroker(certificate) as broker:
        assert ask(broker, authority, "tls").reply["created"] == 2


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_scram_proves_that_the_password_is_known(authority, certificate, mechanism):
    # RFC 5802 escapes a comma and an equals sign of a name.
    with SaslBroker(certificate, passwords={"lake,=ü": PASSWORD}) as broker:
        user = {"KAFKA_USERNAME": "lake,=ü", "KAFKA_PASSWORD": PASSWORD}
        assert ask(broker, authority, mechanism.lower(), **user).reply["created"] == 2
    assert {event["mechanism"] for event in broker.seen("handshake")} == {mechanism}
    assert {event["name"] for event in broker.seen("authenticated")} == {"lake,=ü"}


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("user", ["lake", "stranger"])
def test_wrong_password_is_an_error_that_names_broker_and_mechanism(authority, certificate, mechanism, user):
    with SaslBroker(certificate, passwords={"lake": "another"}) as broker:
        began = time.monotonic()
        outcome = ask(broker, authority, mechanism.lower(), KAFKA_USERNAME=user, KAFKA_PASSWORD=PASSWORD)
        took = time.monotonic() - began
    message = refusal(outcome, PASSWORD, "another")
    assert broker.address in message and mechanism in message and "do not believe who we are" in message
    # What waiting does not mend is not waited for.
    assert took < 15


def test_mechanism_that_the_brokers_do_not_have_is_named(authority, certificate):
    with SaslBroker(certificate, secrets={"AKIDLAKE": SECRET}) as broker:
        outcome = ask(broker, authority, "scram-sha-512", KAFKA_USERNAME="lake", KAFKA_PASSWORD=PASSWORD)
    message = refusal(outcome, PASSWORD)
    assert broker.address in message and "SCRAM-SHA-512" in message and "do not believe who we are" in message


def test_token_of_the_functions_role_signs_in(authority, certificate):
    with SaslBroker(certificate, secrets={"AKIDLAKE": SECRET}) as broker:
        outcome = ask(broker, authority, "msk-iam", **KEYS)
    assert outcome.reply["created"] == 2
    (signed_in,) = {event["name"] for event in broker.seen("authenticated")}
    assert signed_in == "AKIDLAKE"
    logs = json.dumps(outcome.logs)
    assert all(event["token"][:60] not in logs for event in broker.seen("authenticated"))


def test_wrong_token_is_an_error_that_names_broker_and_mechanism(authority, certificate):
    with SaslBroker(certificate, secrets={"AKIDLAKE": "another"}) as broker:
        message = refusal(ask(broker, authority, "msk-iam", **KEYS), SECRET, "session//token")
    assert broker.address in message and "OAUTHBEARER" in message and "the signature is wrong" in message


def test_token_for_another_region_is_refused(authority, certificate):
    with SaslBroker(certificate, secrets={"AKIDLAKE": SECRET}, region="us-east-1") as broker:
        message = refusal(ask(broker, authority, "msk-iam", **KEYS), SECRET)
    assert "the token is for kafka.eu-west-1.amazonaws.com" in message


def test_missing_credentials_are_an_error_with_the_reason(authority, certificate):
    with SaslBroker(certificate, secrets={"AKIDLAKE": SECRET}) as broker:
        message = refusal(ask(broker, authority, "msk-iam", AWS_EC2_METADATA_DISABLED="true"))
    assert "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: not set" in message
    assert "do not believe who we are" in message and "OAUTHBEARER" in message
    assert broker.seen("refused") == []


@pytest.mark.parametrize("security", ["tls", "msk-iam", "scram-sha-256"])
def test_certificate_of_another_name_is_refused(authority, security):
    user = {"KAFKA_USERNAME": "lake", "KAFKA_PASSWORD": PASSWORD} if security.startswith("scram") else KEYS
    with SaslBroker(authority.sign("elsewhere.example.com"), passwords={"lake": PASSWORD}, secrets={"AKIDLAKE": SECRET}) as broker:
        message = refusal(ask(broker, authority, security, **user), SECRET, PASSWORD)
    assert broker.address in message and "certificate" in message
    assert broker.seen("tls-refused") and not broker.seen("handshake") and not broker.seen("metadata")


def test_certificate_of_another_authority_is_refused(authority, certificate, tmp_path):
    with SaslBroker(certificate, secrets={"AKIDLAKE": SECRET}) as broker:
        message = refusal(ask(broker, Authority(tmp_path, "strangers"), "msk-iam", **KEYS), SECRET)
    assert broker.address in message and "certificate" in message
    assert not broker.seen("handshake")


def test_tokens_are_exchanged_in_the_background(authority, certificate):
    """Credentials of five seconds: four seconds later there must be a token of the next, though nobody polls."""
    secrets = {f"AKID{number}": SECRET for number in range(1, 50)}
    with SaslBroker(certificate, secrets=secrets, lifetime_ms=4_000) as broker:
        broker.add("t", 6)
        with ConformanceCalls("kafka-session", {}, broker.address, authority.path, "eu-west-1", SECRET, 5000) as session:
            session.send("t")
            assert session.answer() == {"partitions": 6}
            first = broker.seen("authenticated")
            assert max(number(event) for event in first) <= 2
            # The process rests, as a function does that is not invoked; its session ends meanwhile.
            time.sleep(12)
            session.send("t\nmissing")
            assert session.answer() == {"partitions": 6}
            assert session.answer() == {"partitions": 0}
    later = [event for event in broker.seen("authenticated") if event not in first]
    assert later and max(number(event) for event in later) >= 3
    assert broker.seen("refused") == [], "a token of ended credentials was sent"


def test_sessions_are_renewed_before_they_end(authority, certificate):
    """The broker ends sessions after four seconds; librdkafka signs in again on the same connection before (KIP-368)."""
    secrets = {f"AKID{number}": SECRET for number in range(1, 50)}
    with SaslBroker(certificate, secrets=secrets, lifetime_ms=4_000) as broker:
        broker.add("t", 6)
        arguments = (broker.address, authority.path, "eu-west-1", SECRET, 60_000)
        with ConformanceCalls("kafka-session", with_bundled_library(), *arguments) as session:
            for _ in range(3):
                session.send("t")
                assert session.answer() == {"partitions": 6}
                time.sleep(3)
    again = [event for event in broker.seen("authenticated") if event["again"]]
    assert len(again) >= 2 and broker.seen("session-expired") == []
    assert all(event["version"] == 1 for event in again)
    print(f"librdkafka of confluent-kafka {version('confluent-kafka')}: {len(again)} times signed in again on a connection")


def number(event: dict) -> int:
    return int(event["name"].removeprefix("AKID"))

