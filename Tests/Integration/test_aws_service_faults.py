"""What calls do when credentials, clocks or services are in trouble, against a scripted server on loopback."""

import json
import socket
import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from aws_calls import CREDENTIALS, calls, error, ok
from scripted_server import Reply, ScriptedServer

IDENTITY = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::1:user/u</Arn><UserId>U</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""
SENT = json.dumps({"MessageId": "m"}).encode()


def xml_error(code: str, message: str = "m", status: int = 400, **fields) -> Reply:
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
    return Reply(status, body.encode(), fields)


def json_error(code: str, message: str = "m", status: int = 400, **fields) -> Reply:
    body = json.dumps({"__type": f"com.amazonaws.x#{code}", "message": message}).encode()
    return Reply(status, body, {"x-amzn-requestid": "r-2", **fields})


def identity(server: ScriptedServer, **environment) -> dict:
    (answer,) = calls({"AWS_ENDPOINT_URL_STS": server.endpoint, **CREDENTIALS, **environment}, {"call": "sts.identity"})
    return answer


def send(server: ScriptedServer, **environment) -> dict:
    """An SQS SendMessage, which is not idempotent."""
    line = {"call": "sqs.send", "queue": "u", "body": "b"}
    (answer,) = calls({"AWS_ENDPOINT_URL_SQS": server.endpoint, **CREDENTIALS, **environment}, line)
    return answer


@pytest.mark.parametrize(
    "code, status",
    [("Throttling", 400), ("ThrottlingException", 400), ("ThrottledException", 400), ("RequestLimitExceeded", 503),
     ("ProvisionedThroughputExceededException", 400), ("SlowDown", 503), ("TooManyRequestsException", 429),
     ("RequestThrottled", 400), ("Whatever", 429)],
)  # fmt: skip
def test_throttled_call_did_not_act_and_is_sent_again(code, status):
    with ScriptedServer(json_error(code, status=status), Reply(body=SENT)) as server:
        assert send(server) == {"ok": "m"}
        assert len(server.seen) == 2


def test_call_that_is_throttled_for_ever_says_that_nothing_happened():
    with ScriptedServer(json_error("ThrottlingException")) as server:
        found = send(server, AWS_MAX_ATTEMPTS="2")["error"]
    assert found["kind"] == "throttled" and not found["mayHaveActed"] and found["attempts"] == 2
    assert "after 2 attempts" in found["line"] and found["requestID"] == "r-2"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_failing_service_is_asked_again_only_where_that_is_harmless(status):
    with ScriptedServer(Reply(status, b""), Reply(body=IDENTITY)) as server:
        assert "ok" in identity(server)
    with ScriptedServer(Reply(status, b""), Reply(body=SENT)) as server:
        found = send(server)["error"]
        assert len(server.seen) == 1
    assert found["kind"] == "unavailable" and found["mayHaveActed"] and found["status"] == status


def test_lost_connection_may_have_acted():
    with ScriptedServer(Reply(0), Reply(body=IDENTITY)) as server:
        assert "ok" in identity(server)
    with ScriptedServer(Reply(0), Reply(body=SENT)) as server:
        found = send(server)["error"]
        assert len(server.seen) == 1
    assert found["code"] == "connectionLost" and found["mayHaveActed"]


def test_refused_connection_did_not_act():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
    found = error({"AWS_ENDPOINT_URL_SQS": endpoint, **CREDENTIALS}, call="sqs.send", queue="u", body="b")
    assert found["code"] == "cannotConnect" and not found["mayHaveActed"] and found["attempts"] == 4


def test_later_definite_error_does_not_undo_what_may_have_happened():
    with ScriptedServer(xml_error("InternalFailure", status=500), xml_error("AccessDenied", status=403)) as server:
        found = identity(server)["error"]
    assert found["kind"] == "accessDenied" and found["mayHaveActed"] and found["attempts"] == 2


def test_service_that_asks_for_time_gets_it():
    with ScriptedServer(Reply(503, b"", {"Retry-After": "1"}), Reply(body=IDENTITY)) as server:
        began = time.monotonic()
        assert "ok" in identity(server)
        assert time.monotonic() - began >= 1
    with ScriptedServer(Reply(503, b"", {"Retry-After": "3600"}), Reply(body=IDENTITY)) as server:
        assert identity(server)["error"]["attempts"] == 1


def test_no_wait_goes_past_the_deadline():
    with ScriptedServer(Reply(503, b"", {"Retry-After": "5"})) as server:
        began = time.monotonic()
        _, answer = calls(
            {"AWS_ENDPOINT_URL_STS": server.endpoint, **CREDENTIALS}, {"call": "deadline", "ms": 2000}, {"call": "sts.identity"}
        )
        assert time.monotonic() - began < 2
        assert answer["error"]["attempts"] == 1 and answer["error"]["kind"] == "unavailable"


def test_clock_that_is_off_is_learned_from_the_service():
    def answer(seen):
        signed = datetime.strptime(seen.fields["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        theirs = datetime.now(timezone.utc) + timedelta(hours=2)
        date = {"Date": format_datetime(theirs, usegmt=True)}
        if abs(signed - theirs) > timedelta(minutes=5):
            return xml_error("SignatureDoesNotMatch", "Signature expired", 403, **date)
        return Reply(body=IDENTITY, fields=date)

    line = {"call": "sts.identity"}
    with ScriptedServer(answer=answer) as server:
        answers = calls({"AWS_ENDPOINT_URL_STS": server.endpoint, **CREDENTIALS}, line, line)
        assert all("ok" in answer for answer in answers)
        assert len(server.seen) == 3, "the second call knows the clock"


def test_wrong_key_is_not_taken_for_a_wrong_clock():
    date = format_datetime(datetime.now(timezone.utc), usegmt=True)
    with ScriptedServer(xml_error("SignatureDoesNotMatch", status=403, Date=date)) as server:
        found = identity(server)["error"]
    assert found["attempts"] == 1 and found["kind"] == "credentials" and "AWS_SECRET_ACCESS_KEY" in found["advice"]


def container_reply(key: str, seconds: int) -> Reply:
    expiration = (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {"AccessKeyId": key, "SecretAccessKey": "hidden-" + key, "Token": "token-" + key, "Expiration": expiration}
    return Reply(body=json.dumps(body).encode())


def key_of(seen) -> str:
    return seen.fields["authorization"].split("Credential=")[1].split("/")[0]


def test_expired_credentials_are_fetched_again_once(tmp_path):
    token = tmp_path / "token"
    token.write_text("from a file")
    with ScriptedServer(container_reply("AKID1", 3600), container_reply("AKID2", 3600)) as container:
        environment = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": container.endpoint + "/creds?a=b", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(token)}  # fmt: skip
        with ScriptedServer(xml_error("ExpiredToken", status=403), Reply(body=IDENTITY)) as server:
            (answer,) = calls({"AWS_ENDPOINT_URL_STS": server.endpoint, **environment}, {"call": "sts.identity"})
            assert "ok" in answer
            assert [key_of(seen) for seen in server.seen] == ["AKID1", "AKID2"]
            assert server.seen[1].fields["x-amz-security-token"] == "token-AKID2"
        assert container.seen[0].path == "/creds?a=b" and container.seen[0].fields["authorization"] == "from a file"
    with ScriptedServer(container_reply("AKID1", 3600)) as container, ScriptedServer(xml_error("ExpiredToken", status=403)) as server:
        environment = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": container.endpoint, "AWS_ENDPOINT_URL_STS": server.endpoint}
        found = error(environment, call="sts.identity")
        assert len(server.seen) == 1 and len(container.seen) == 2, "the same credentials would be refused again"
        assert found["kind"] == "credentials" and "expired" in found["advice"]


def test_credentials_of_the_environment_that_expired_are_not_sent_again():
    with ScriptedServer(xml_error("ExpiredToken", status=403)) as server:
        found = identity(server, AWS_SESSION_TOKEN="token")["error"]
        assert len(server.seen) == 1
    assert found["code"] == "ExpiredToken" and found["attempts"] == 1


def test_credentials_are_fetched_before_they_expire():
    line = {"call": "sts.identity"}
    with ScriptedServer(container_reply("AKID1", 3600)) as container, ScriptedServer(Reply(body=IDENTITY)) as server:
        environment = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": container.endpoint, "AWS_ENDPOINT_URL_STS": server.endpoint}
        calls(environment, line, line, line)
        assert len(container.seen) == 1


def test_instance_hands_out_its_role_by_the_second_version_only():
    def answer(seen):
        if seen.method == "PUT" and seen.path == "/latest/api/token":
            assert seen.fields["x-aws-ec2-metadata-token-ttl-seconds"] == "21600"
            return Reply(body=b"the-token")
        if seen.fields.get("x-aws-ec2-metadata-token") != "the-token":
            return Reply(401, b"")
        if seen.path == "/latest/meta-data/iam/security-credentials/":
            return Reply(body=b"lake+role\n")
        reply = container_reply("AKIDROLE", 3600)
        return Reply(body=json.dumps({"Code": "Success", **json.loads(reply.body)}).encode())

    with ScriptedServer(answer=answer) as metadata, ScriptedServer(Reply(body=IDENTITY)) as server:
        environment = {
            "AWS_EC2_METADATA_DISABLED": "false",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.endpoint + "/",
            "AWS_ENDPOINT_URL_STS": server.endpoint,
        }
        ok(environment, call="sts.identity")
        assert [seen.path for seen in metadata.seen][-1].endswith("/lake%2Brole")
        assert key_of(server.seen[0]) == "AKIDROLE"


def test_missing_credentials_name_what_was_looked_for():
    with ScriptedServer(Reply(404, b"")) as metadata:
        environment = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.endpoint}
        found = error(environment, call="sts.identity")
    assert found["kind"] == "credentials" and found["attempts"] == 0 and not found["mayHaveActed"]
    for text in ("AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "metadata service answered status 404"):
        assert text in found["line"]


def test_container_that_fails_is_named():
    with ScriptedServer(Reply(500, b"")) as container:
        found = error({"AWS_CONTAINER_CREDENTIALS_FULL_URI": container.endpoint}, call="sts.identity")
        assert len(container.seen) == 3
    assert "status 500" in found["line"] and "AWS_CONTAINER_CREDENTIALS" in found["line"]


def test_faulty_variables_are_named_all_at_once():
    found = error(
        {"AWS_REGION": "EU West", "AWS_ENDPOINT_URL": "http://example.com", "AWS_MAX_ATTEMPTS": "0", "AWS_ACCESS_KEY_ID": "AKID",
         "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/x", "AWS_EC2_METADATA_DISABLED": "maybe"},
        call="sts.identity",
    )  # fmt: skip
    for name in ("AWS_REGION", "AWS_ENDPOINT_URL", "AWS_MAX_ATTEMPTS", "AWS_SECRET_ACCESS_KEY", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_DISABLED"):  # fmt: skip
        assert name in found["line"]


def test_missing_region_is_named():
    found = error({"AWS_REGION": "", **CREDENTIALS}, call="sts.identity")
    assert found["kind"] == "configuration" and "AWS_REGION" in found["line"]


def test_endpoints_of_one_service_and_of_all():
    with ScriptedServer(Reply(body=IDENTITY)) as one, ScriptedServer(Reply(body=IDENTITY)) as other:
        ok({"AWS_ENDPOINT_URL_STS": one.endpoint + "/base/", "AWS_ENDPOINT_URL": other.endpoint, **CREDENTIALS}, call="sts.identity")
        assert [seen.path for seen in one.seen] == ["/base/"] and not other.seen
        ok({"AWS_ENDPOINT_URL": other.endpoint, **CREDENTIALS}, call="sts.identity")
        assert len(other.seen) == 1


def profile_files(folder, config: str, credentials: str = "") -> dict:
    (folder / "config").write_text(config)
    (folder / "credentials").write_text(credentials)
    return {"AWS_CONFIG_FILE": str(folder / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials")}


ASSUMED = """<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA{0}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
<SessionToken>t-{0}</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""


def test_profile_assumes_its_role_with_the_credentials_of_another(tmp_path):
    files = profile_files(
        tmp_path,
        "[profile work]\nrole_arn = arn:aws:iam::1:role/second\nsource_profile = middle\nregion = ap-southeast-2\nexternal_id = e 1\n"
        "[profile middle]\nrole_arn=arn:aws:iam::1:role/first\nsource_profile=base\n",
        "[base]\naws_access_key_id = AKIDBASE # comment\naws_secret_access_key = secret/base\n",
    )

    def answer(seen):
        if b"AssumeRole" not in seen.body:
            return Reply(body=IDENTITY)
        return Reply(body=ASSUMED.format("TWO" if b"second" in seen.body else "ONE").encode())

    with ScriptedServer(answer=answer) as server:
        environment = {"AWS_PROFILE": "work", "AWS_REGION": "", "AWS_ENDPOINT_URL": server.endpoint, **files}
        (answer_,) = calls(environment, {"call": "sts.identity"}, arguments=["profiles"])
        assert "ok" in answer_, answer_
        assert [key_of(seen) for seen in server.seen] == ["AKIDBASE", "ASIAONE", "ASIATWO"]
        assert "/ap-southeast-2/sts/" in server.seen[2].fields["authorization"]
        assert b"ExternalId=e+1" in server.seen[1].body and b"RoleSessionName=swiftlake" in server.seen[0].body


@pytest.mark.parametrize(
    "config, words",
    [
        ("[profile other]\n", ["profile work", "is in no shared file"]),
        ("[profile work]\nrole_arn=a\nsource_profile=b\n[profile b]\nrole_arn=c\nsource_profile=work\n", ["leads back to itself"]),
        ("[profile work]\nrole_arn=a\n", ["neither source_profile nor credential_source"]),
        ("[profile work]\nrole_arn=a\nmfa_serial=b\n", ["mfa_serial"]),
        ("[profile work]\nsso_session=a\n", ["sso_session"]),
        ("[profile work]\naws_access_key_id=A\n", ["aws_secret_access_key"]),
        ("[profile work\n", ["line 1"]),
        ("no section\n", ["line 1"]),
    ],
)
def test_profile_that_leads_nowhere_says_why(tmp_path, config, words):
    environment = {"AWS_PROFILE": "work", **profile_files(tmp_path, config)}
    (answer,) = calls(environment, {"call": "sts.identity"}, arguments=["profiles"])
    for word in words:
        assert word in answer["error"]["line"], answer


def test_function_does_not_look_into_shared_files(tmp_path):
    files = profile_files(tmp_path, "", "[default]\naws_access_key_id=AKID\naws_secret_access_key=s\n")
    assert error(files, call="sts.identity")["kind"] == "credentials"


@pytest.mark.parametrize(
    "reply, kind, words",
    [
        (xml_error("AccessDenied", "User: x is not authorized to perform: kms:GenerateDataKey", 403), "accessDenied", ["kms:Decrypt"]),
        (xml_error("KMS.DisabledException", "off", 400), "accessDenied", ["kms:Decrypt"]),
        (xml_error("InvalidClientTokenId", status=403), "credentials", ["AWS_ACCESS_KEY_ID"]),
        (xml_error("AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-central-1'"), "configuration", ["AWS_REGION=eu-central-1"]),
        (Reply(301, b"", {"x-amz-bucket-region": "eu-north-1"}), "configuration", ["AWS_REGION=eu-north-1"]),
        (xml_error("NoSuchBucket", status=404), "notFound", ["create the bucket"]),
        (Reply(200, b"not xml"), "malformedReply", ["endpoint"]),
        (Reply(400, b"<html>Bad"), "invalid", ["BadRequest"]),
    ],
)  # fmt: skip
def test_error_says_what_to_do(reply, kind, words):
    with ScriptedServer(reply) as server:
        found = identity(server, AWS_MAX_ATTEMPTS="1")["error"]
    assert found["kind"] == kind, found
    for word in [*words, "sts GetCallerIdentity"]:
        assert word in found["line"]


def test_message_never_repeats_what_was_signed():
    """AWS repeats the request, session token included, behind the first line of such an error."""
    token = "FwoGZXIvYXdzEXAMPLETOKEN"
    message = f"The signature is wrong for {token}.\n\nThe Canonical String should have been\n'x-amz-security-token:{token}"
    with ScriptedServer(json_error("InvalidSignatureException", message, 403)) as server:
        found = send(server, AWS_SESSION_TOKEN=token)["error"]
    assert token not in json.dumps(found) and "Canonical" not in found["line"]
