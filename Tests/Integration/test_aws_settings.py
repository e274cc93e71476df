"""Settings, credentials and rights that are missing or wrong: one line says which, at initialisation where it can be
known then, and nothing is acknowledged."""

import pytest
from aws_lakes import AWSLake, packaged
from fault_proxies import FaultPlan, FaultProxy
from fault_replies import REQUEST_ID, json_error, s3_error
from readers import READINGS
from runtime_api import Function
from sensors import kinesis_event, readings, sequence_number
from servers import READ_ONLY_KEY, READ_ONLY_SECRET, SECRET_KEY

DONE = {"batchItemFailures": []}
BATCH = kinesis_event(readings(3))
REFUSED = {"batchItemFailures": [{"itemIdentifier": sequence_number(0)}]}
# No test may reach for a credentials service of the machine that it runs on.
NO_OTHERS = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nowhere"}


def start(lake: AWSLake, endpoints: dict | None = None, **changes) -> Function:
    return Function(
        "kinesis-ingest", None, lake.environment(endpoints, **{**NO_OTHERS, **changes}), program=packaged("kinesis-ingest"))


def filled(lake: AWSLake) -> AWSLake:
    """A lake whose table exists already."""
    with start(lake) as function:
        assert function.invoke(kinesis_event(readings(3, seed=9), shard="shardId-000000000009")).reply == DONE, (
            function.log_text())
    return lake


def said_at_init(function: Function) -> str:
    """The one line with which initialisation failed."""
    outcome = function.initialised()
    assert outcome.error is not None, function.log_text()
    return one_line(outcome.error["errorMessage"], function)


def warned_at_init_then_refused(function: Function, words: list[str]):
    """Initialisation must have said these words in one line, about a fault that may pass, and the first event, which
    meets it again, in another."""
    outcome = function.invoke(BATCH)
    assert outcome.reply == REFUSED, function.log_text()
    warnings = [one_line(str(line), function) for line in outcome.logs if "the lake is not ready yet" in str(line)]
    errors = [one_line(str(line), function) for line in outcome.logs if "nothing is lost, but" in str(line)]
    assert len(errors) == 1, function.log_text()
    for lines in (warnings, errors):
        assert any(all(word in line for word in words) for line in lines), function.log_text()


def refused(function: Function) -> str:
    """The one line of the first event's failure."""
    outcome = function.invoke(BATCH)
    assert outcome.reply == REFUSED, function.log_text()
    errors = [line for line in outcome.logs if "nothing is lost, but" in str(line)]
    assert len(errors) == 1, function.log_text()
    return one_line(str(errors[0].get("message")), function)


def one_line(message: str, function: Function) -> str:
    print("   ", message)
    assert "\n" not in message and "\\n" not in message
    for secret in (SECRET_KEY, READ_ONLY_SECRET, "wrong-secret"):
        assert secret not in function.log_text() and secret not in message
    return message


# Known at initialisation: settings that are missing or no settings at all.


@pytest.mark.parametrize(
    "change,words",
    [
        ({"LAKE_CATALOG": "glu"}, ["LAKE_CATALOG"]),
        ({"LAKE_CATALOG": "http://catalog.example.com/"}, ["LAKE_CATALOG", "https"]),
        ({"LAKE_WAREHOUSE": "s3://"}, ["LAKE_WAREHOUSE"]),
        ({"LAKE_WAREHOUSE": "s3a://lake/warehouse"}, ["LAKE_WAREHOUSE", "s3://"]),
        ({"AWS_REGION": None}, ["AWS_REGION"]),
        ({"AWS_REGION": "eu west"}, ["AWS_REGION"]),
        ({"AWS_ENDPOINT_URL_S3": "127.0.0.1:1"}, ["AWS_ENDPOINT_URL_S3"]),
        ({"AWS_ENDPOINT_URL_S3": "http://s3.example.com"}, ["AWS_ENDPOINT_URL_S3", "https"]),
        ({"AWS_ACCESS_KEY_ID": None}, ["AWS_ACCESS_KEY_ID"]),
        ({"AWS_SECRET_ACCESS_KEY": None}, ["AWS_SECRET_ACCESS_KEY"]),
    ],
)
def test_settings_that_are_no_settings(new_lake, change, words):
    with start(new_lake("glue"), **change) as function:
        message = said_at_init(function)
        assert all(word in message for word in words), message


@pytest.mark.parametrize("missing", ["LAKE_CATALOG", "LAKE_WAREHOUSE"])
def test_nothing_is_guessed_on_lambda(new_lake, missing):
    with start(new_lake("glue"), AWS_LAMBDA_FUNCTION_NAME="kinesis-ingest", **{missing: None}) as function:
        assert missing in said_at_init(function)


# Known at initialisation, but not proven to last: a warning then, and a refusal of the event.


@pytest.mark.parametrize(
    "change,words",
    [
        ({"AWS_ACCESS_KEY_ID": "AKIDNOBODY"}, ["s3", "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"]),
        ({"AWS_SECRET_ACCESS_KEY": "wrong-secret"}, ["s3", "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"]),
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, ["s3", "MissingCredentials", "AWS_ACCESS_KEY_ID"]),
    ],
)
def test_credentials_that_s3_refuses(new_lake, change, words):
    with start(filled(new_lake("sqlite")), **change) as function:
        warned_at_init_then_refused(function, words)


def test_credentials_that_glue_refuses(new_lake, moto, glue):
    """Those of a user whom Glue knows with another secret, and of nobody."""
    lake = filled(new_lake("glue"))
    user = moto.new_user(["glue:GetTable", "glue:GetDatabase"])
    known = {"AWS_ACCESS_KEY_ID": user["aws_access_key_id"], "AWS_SECRET_ACCESS_KEY": "wrong-secret"}
    moto.check_signatures(True)
    glue.checks_signatures = True
    try:
        with start(lake, **known) as function:
            warned_at_init_then_refused(function, ["glue", "GetTable", "403"])
        with start(lake, AWS_ACCESS_KEY_ID="AKIDNOBODY") as function:
            warned_at_init_then_refused(function, ["glue", "GetTable", "403"])
    finally:
        moto.check_signatures(False)
        glue.checks_signatures = False


@pytest.mark.parametrize(
    "code,text,word",
    [
        ("UnrecognizedClientException", "The security token included in the request is invalid.", "AWS_ACCESS_KEY_ID"),
        ("InvalidSignatureException", "The request signature we calculated does not match", "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_credentials_that_glue_refuses_in_its_own_words(new_lake, code, text, word):
    lake = filled(new_lake("glue"))
    with Denying(lake, "glue", "GetTable", json_error(400, code, text)) as at:
        with start(lake, {"glue": at}) as function:
            warned_at_init_then_refused(function, ["glue", "GetTable", code, word, REQUEST_ID])


@pytest.mark.parametrize(
    "credential,words",
    [
        ("AKIDNOBODY:wrong-secret", ["iceberg", "GetToken", "credential"]),
        (f"{READ_ONLY_KEY}:wrong-secret", ["iceberg", "GetToken", "credential"]),
    ],
)
def test_credentials_that_a_rest_catalog_refuses(new_lake, credential, words):
    with start(filled(new_lake("rest-oauth2")), LAKE_CATALOG_CREDENTIAL=credential) as function:
        warned_at_init_then_refused(function, words)


def test_a_rest_catalog_without_a_credential(new_lake):
    with start(filled(new_lake("rest-oauth2")), LAKE_CATALOG_CREDENTIAL=None) as function:
        warned_at_init_then_refused(function, ["iceberg", "LAKE_CATALOG_CREDENTIAL"])


def test_rights_to_read_but_not_to_write(new_lake):
    reader = {"AWS_ACCESS_KEY_ID": READ_ONLY_KEY, "AWS_SECRET_ACCESS_KEY": READ_ONLY_SECRET}
    lake = filled(new_lake("sqlite"))
    before = lake.keys()
    with start(lake, **reader) as function:
        message = refused(function)
        assert "s3" in message and "PutObject" in message and "AccessDenied" in message, message
    assert lake.keys() == before and len(lake.rows()) == 3


def test_rights_to_look_at_a_glue_table_but_not_to_change_it(new_lake):
    """Moto's users are not SeaweedFS's, so a proxy that refuses the one call stands for the policy."""
    lake = filled(new_lake("glue"))
    message = denied(
        lake, "glue", "UpdateTable", 400, b'{"__type":"AccessDeniedException","message":"User: arn:aws:iam::123456789012:'
        b'user/x is not authorized to perform: glue:UpdateTable on resource: arn:aws:glue:eu-west-1:123456789012:table/x"}')
    assert "glue" in message and "UpdateTable" in message and "AccessDenied" in message, message


@pytest.mark.parametrize("kind", ["glue", "rest-oauth2", "sqlite"])
def test_a_bucket_that_there_is_not(new_lake, kind):
    changed = {"LAKE_WAREHOUSE": "s3://no-such-bucket/warehouse"}
    with start(new_lake(kind), **changed) as function:
        code = [] if kind == "rest-oauth2" else ["NoSuchBucket"]
        warned_at_init_then_refused(function, ["no-such-bucket", "create the", *code])


@pytest.mark.parametrize("kind", ["glue", "rest-oauth2", "rest-sigv4", "sqlite"])
def test_a_table_that_there_is_not(new_lake, kind):
    with start(new_lake(kind), LAKE_CREATE_TABLES="0") as function:
        warned_at_init_then_refused(function, [READINGS, "bootstrap-tables"])


def test_a_glue_table_that_is_no_iceberg_table(new_lake, glue):
    client = glue.client()
    client.create_database(DatabaseInput={"Name": "iot_db"})
    client.create_table(DatabaseName="iot_db", TableInput={"Name": "sensor_readings", "TableType": "EXTERNAL_TABLE"})
    with start(new_lake("glue")) as function:
        message = refused(function)
        assert READINGS in message and "Iceberg" in message, message


def test_another_region_than_the_buckets(new_lake):
    """As S3 answers a request that is signed for another region."""
    lake = filled(new_lake("sqlite"))
    body = s3_error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed; the region 'eu-west-1' "
                    "is wrong; expecting 'eu-central-1'")  # fmt: skip
    with Denying(lake, "s3", "GET", body) as at:
        with start(lake, {"s3": at}) as function:
            warned_at_init_then_refused(function, ["AWS_REGION", "eu-central-1", REQUEST_ID])


@pytest.mark.parametrize(
    "status,code,text",
    [
        (403, "AccessDenied", "User: arn:aws:sts::123456789012:assumed-role/ingest is not authorized to perform: "
         "kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:123456789012:key/1 because no policy allows it"),
        (400, "KMS.DisabledException", "arn:aws:kms:eu-west-1:123456789012:key/1 is disabled."),
        (400, "KMS.NotFoundException", "Invalid arn eu-west-1"),
    ],
)  # fmt: skip
def test_a_key_that_may_not_be_used(new_lake, status, code, text):
    lake = filled(new_lake("sqlite"))
    with Denying(lake, "s3", "PUT", s3_error(status, code, text)) as at:
        with start(lake, {"s3": at}) as function:
            message = refused(function)
    assert "PutObject" in message and code in message and "kms" in message.lower() and REQUEST_ID in message, message
    assert len(lake.rows()) == 3 and lake.keys() == lake.referenced()


class Denying:
    """A proxy before one of a lake's services that answers requests of one method or operation with these bytes."""

    def __init__(self, lake: AWSLake, service: str, operation: str, reply: bytes):
        class Proxy(FaultProxy):
            def _apply(self, fault, request, connection, upstream, head, data):
                if request.operation.split(" ")[0] == operation:
                    connection.sendall(reply)
                    return True
                return super()._apply(fault, request, connection, upstream, head, data)

        self.proxy = Proxy(service, lake.endpoints[service], FaultPlan())

    def __enter__(self) -> str:
        return self.proxy.endpoint

    def __exit__(self, *_):
        self.proxy.__exit__()


def denied(lake: AWSLake, service: str, operation: str, status: int, body: bytes) -> str:
    head = f"HTTP/1.1 {status} Denied\r\nContent-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: {REQUEST_ID}\r\n"
    reply = head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with Denying(lake, service, operation, reply) as at:
        with start(lake, {service: at}) as function:
            message = refused(function)
    assert REQUEST_ID in message
    assert len(lake.rows()) == 3 and lake.keys() == lake.referenced(), "a definite failure takes its files away"
    return message


def test_expired_credentials_of_the_environment(new_lake):
    """Lambda gives a function new ones only with a new environment; the message says so at once, without tries."""
    lake = filled(new_lake("glue"))
    body = b'{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}'
    message = denied(lake, "glue", "UpdateTable", 400, body)
    assert "ExpiredToken" in message and "credentials" in message, message
