"""Where kafka-elastic writes and as whom: its settings, secrets of Secrets Manager, and that none of them is logged."""

import base64
import json

import pytest
from elastic_stub import ElasticStub
from quotes import START_MS, bar, event_of
from runtime_api import Function
from servers import ACCESS_KEY, REGION, SECRET_KEY

DONE = {"batchItemFailures": []}
EVENT = event_of({"BTC/USD": bar(START_MS, 5)})
KEY = "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw=="
ELSEWHERE = "https://search.example.com:9200"


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def init_error(tmp_path, environment: dict) -> str:
    with Function("kafka-elastic", tmp_path, environment) as function:
        outcome = function.initialised()
        assert outcome.error and outcome.error["errorType"] == "ConfigurationError", outcome
        return outcome.error["errorMessage"]


REFUSED = {
    "nothing set": ({}, ["ELASTICSEARCH_URL is not set"]),
    "empty": ({"ELASTICSEARCH_URL": ""}, ["ELASTICSEARCH_URL is not set"]),
    "no URL": ({"ELASTICSEARCH_URL": "search"}, ["ELASTICSEARCH_URL must be https://"]),
    "plain HTTP": ({"ELASTICSEARCH_URL": "http://search.example.com", "ELASTICSEARCH_API_KEY": "hush"}, ["ELASTICSEARCH_URL must begin with https://"]),
    "user in URL": ({"ELASTICSEARCH_URL": "https://me:hush@search.example.com"}, ["ELASTICSEARCH_URL must be https://"]),
    "no credentials": ({"ELASTICSEARCH_URL": ELSEWHERE}, ["ELASTICSEARCH_API_KEY is not set", "ELASTICSEARCH_AUTHENTICATION"]),
    "no password": ({"ELASTICSEARCH_URL": ELSEWHERE, "ELASTICSEARCH_USERNAME": "me"}, ["ELASTICSEARCH_PASSWORD is not set"]),
    "no password here": ({"ELASTICSEARCH_URL": "http://127.0.0.1:9200", "ELASTICSEARCH_USERNAME": "me"}, ["ELASTICSEARCH_PASSWORD is not set"]),
    "no user": ({"ELASTICSEARCH_URL": ELSEWHERE, "ELASTICSEARCH_PASSWORD": "hush"}, ["ELASTICSEARCH_USERNAME is not set"]),
    "colon": ({"ELASTICSEARCH_URL": ELSEWHERE, "ELASTICSEARCH_USERNAME": "a:b", "ELASTICSEARCH_PASSWORD": "hush"}, ["ELASTICSEARCH_USERNAME holds a colon"]),
    "both": ({"ELASTICSEARCH_URL": ELSEWHERE, "ELASTICSEARCH_API_KEY": "hush", "ELASTICSEARCH_PASSWORD": "hush", "ELASTICSEARCH_USERNAME": "me"}, ["only one of them"]),
    "key and user": ({"ELASTICSEARCH_URL": ELSEWHERE, "ELASTICSEARCH_API_KEY": "hush", "ELASTICSEARCH_USERNAME": "me"}, ["only one of them"]),
    "key twice": ({"ELASTICSEARCH_URL": ELSEWHERE, "ELASTICSEARCH_API_KEY": "hush", "ELASTICSEARCH_API_KEY_SECRET_ARN": "arn"}, ["ELASTICSEARCH_API_KEY is set, and so is ELASTICSEARCH_API_KEY_SECRET_ARN"]),
    "unknown": ({"ELASTICSEARCH_URL": ELSEWHERE, "ELASTICSEARCH_AUTHENTICATION": "some"}, ["ELASTICSEARCH_AUTHENTICATION must be none"]),
    "several": ({"ELASTICSEARCH_USERNAME": "me"}, ["ELASTICSEARCH_URL is not set", "ELASTICSEARCH_PASSWORD is not set"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_a_faulty_setting_is_named_at_initialisation(tmp_path, kind):
    environment, words = REFUSED[kind]
    message = init_error(tmp_path, environment)
    assert all(word in message for word in words), message
    assert "hush" not in message


ACCEPTED = {
    "API key": ({"ELASTICSEARCH_API_KEY": KEY}, f"ApiKey {KEY}"),
    "id and key": ({"ELASTICSEARCH_API_KEY": "id:key"}, "ApiKey " + base64.b64encode(b"id:key").decode()),
    "user": ({"ELASTICSEARCH_USERNAME": "elastic", "ELASTICSEARCH_PASSWORD": "pä:ss\"word"}, basic("elastic", "pä:ss\"word")),
}


@pytest.mark.parametrize("kind", ACCEPTED)
def test_the_server_is_told_who_writes(tmp_path, kind):
    environment, authorization = ACCEPTED[kind]
    with ElasticStub(authorization) as stub:
        with Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint + "/base/path/", **environment}) as function:
            assert function.invoke(EVENT).reply == DONE, function.log_text()
            assert all(secret not in function.log_text() for secret in (authorization, authorization.split()[1]))
        assert all(request.fields["authorization"] == authorization for request in stub.requests)
        assert all(request.path.startswith("/base/path/") for request in stub.requests)


@pytest.mark.parametrize("environment", [{}, {"ELASTICSEARCH_AUTHENTICATION": "none"}])
def test_on_this_machine_nothing_is_told(tmp_path, environment):
    with ElasticStub() as stub, Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint, **environment}) as function:
        assert function.invoke(EVENT).reply == DONE
        assert all("authorization" not in request.fields for request in stub.requests)


def test_a_refused_secret_is_an_error_that_does_not_show_it(tmp_path):
    """Although the server repeats it in its words."""
    with ElasticStub("ApiKey other") as stub:
        with Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint, "ELASTICSEARCH_API_KEY": KEY}) as function:
            outcome = function.invoke(EVENT)
            assert "security_exception [401]" in outcome.error["errorMessage"]
            assert "check the credentials" in outcome.error["errorMessage"]
            assert KEY not in json.dumps(outcome.error) and KEY[:20] not in function.log_text()


@pytest.fixture
def secret(moto):
    """Makes a secret, and gives the environment of a function that finds Secrets Manager."""

    def make(value: str) -> dict:
        arn = moto.client("secretsmanager").create_secret(Name="elastic", SecretString=value)["ARN"]
        return {
            "arn": arn, "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": moto.endpoint,
        }  # fmt: skip

    return make


API_KEY, PASSWORD = "ELASTICSEARCH_API_KEY_SECRET_ARN", "ELASTICSEARCH_PASSWORD_SECRET_ARN"
SECRETS = {
    "bare key": (API_KEY, KEY + "\n", {}, f"ApiKey {KEY}"),
    "JSON key": (API_KEY, json.dumps({"apiKey": KEY}), {}, f"ApiKey {KEY}"),
    "answer to the key's creation": (API_KEY, json.dumps({"id": "i", "name": "n", "api_key": "k", "encoded": KEY}), {}, f"ApiKey {KEY}"),
    "id and key": (API_KEY, json.dumps({"id": "i", "api_key": "k"}), {}, "ApiKey " + base64.b64encode(b"i:k").decode()),
    "user in the key's secret": (API_KEY, json.dumps({"username": "u", "password": "p"}), {}, basic("u", "p")),
    "bare password": (PASSWORD, "p w", {"ELASTICSEARCH_USERNAME": "u"}, basic("u", "p w")),
    "user and password": (PASSWORD, json.dumps({"username": "u", "password": "p"}), {}, basic("u", "p")),
    "password in JSON": (PASSWORD, json.dumps({"password": "p"}), {"ELASTICSEARCH_USERNAME": "u"}, basic("u", "p")),
}  # fmt: skip


@pytest.mark.parametrize("kind", SECRETS)
def test_secrets_of_secrets_manager(tmp_path, secret, kind):
    variable, value, others, authorization = SECRETS[kind]
    environment = secret(value)
    arn = environment.pop("arn")
    with ElasticStub(authorization) as stub:
        with Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint, variable: arn, **others, **environment}) as function:
            assert function.invoke(EVENT).reply == DONE, function.log_text()
            assert authorization.split()[1] not in function.log_text()


UNUSABLE = {
    "no user": (PASSWORD, "hush", "ELASTICSEARCH_USERNAME is not set"),
    "other JSON": (API_KEY, '{"key":"hush"}', "neither apiKey nor username and password"),
    "no username": (PASSWORD, '{"password":"hush"}', "without a username"),
    "line break": (API_KEY, "hu\nsh", "a character that no API key has"),
    "white space": (API_KEY, "\n", "is empty"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_secret_that_cannot_be_used_is_named(tmp_path, secret, kind):
    variable, value, words = UNUSABLE[kind]
    environment = secret(value)
    arn = environment.pop("arn")
    with ElasticStub() as stub, Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint, variable: arn, **environment}) as function:
        message = function.invoke(EVENT).error["errorMessage"]
        assert words in message and variable.removesuffix("_SECRET_ARN") in message
        assert "hush" not in message and stub.requests == []


def test_a_secret_that_is_missing_is_an_error(tmp_path, secret):
    environment = secret("x")
    arn = environment.pop("arn").replace("elastic", "nothing")
    with ElasticStub() as stub, Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint, API_KEY: arn, **environment}) as function:
        assert "ResourceNotFoundException" in function.invoke(EVENT).error["errorMessage"]


def test_a_rotated_secret_is_read_again(tmp_path, secret, moto):
    environment = secret("old")
    arn = environment.pop("arn")
    with ElasticStub("ApiKey old") as stub:
        with Function("kafka-elastic", tmp_path, {"ELASTICSEARCH_URL": stub.endpoint, API_KEY: arn, **environment}) as function:
            assert function.invoke(EVENT).reply == DONE
            moto.client("secretsmanager").put_secret_value(SecretId=arn, SecretString="new")
            stub.authorization = "ApiKey new"
            assert function.invoke(event_of({"BTC/USD": bar(START_MS, 6)}, first=1)).reply == DONE, function.log_text()
            (source,) = stub.sources.values()
            assert source["price_crypto"] == 6
            stub.authorization = "ApiKey newest"
            assert "[401]" in function.invoke(EVENT).error["errorMessage"]


