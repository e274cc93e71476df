"""IAM before moto, which does not judge the resources of most services' calls, nor KMS's part in them.

Each request is what its signature's credentials say that they are: those of a role that the plan made. The gate works out what
the request wants to do with what, as AWS's service authorization reference has it, asks the role's policies as IAM holds
them at that moment, and the bucket's own, and passes the request on or refuses it as the service would. Objects, records,
secrets and messages that are encrypted with a key need that key too."""

import json
import re
from functools import cached_property
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

from local_server import LocalServer, PromptHandler, QuietServer
from servers import ACCOUNT, REGION
from terraform_policies import Call, denial, verdict
from terraform_resources import World

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


class Judged(NamedTuple):
    role: str
    action: str
    resource: str
    is_allowed: bool
    # The statement that allows it, or denies it; empty if none is about it.
    statement: str


class Gate(LocalServer):
    """Passes on what roles may do. `judged` holds every call; `buckets` are the policies of buckets, by name; `elsewhere` gives
    services other endpoints than moto's."""

    def __init__(self, world: World, buckets: dict[str, dict], elsewhere: dict | None = None):
        self.world = world
        self.buckets = buckets
        self.elsewhere = elsewhere or {}
        self.roles: dict[str, tuple[str, str]] = {}
        self.judged: list[Judged] = []
        self.executions: dict[str, str] = {}
        self.serve(QuietServer(("127.0.0.1", 0), self._handler()))

    def credentials(self, role: str) -> dict:
        """What a function that runs with a role has in its environment."""
        sts = self.world.client("sts")
        given = sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}", RoleSessionName="function")["Credentials"]
        self.roles[given["AccessKeyId"]] = (role, given["SessionToken"])
        names = {
            "AWS_ACCESS_KEY_ID": "AccessKeyId",
            "AWS_SECRET_ACCESS_KEY": "SecretAccessKey",
            "AWS_SESSION_TOKEN": "SessionToken",
        }
        return {variable: given[name] for variable, name in names.items()}

    def policies(self, role: str) -> list[dict]:
        iam = self.world.client("iam")
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        return [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]

    def allows(self, role: str, calls: list[Call]) -> bool:
        """Judges calls by the role's policies, and those on objects by their bucket's as well."""
        documents, all_allowed = self.policies(role), True
        for call in calls:
            allowed, statement = verdict(documents, call)
            if call.resource.startswith("arn:aws:s3:::"):
                bucket = call.resource.removeprefix("arn:aws:s3:::").split("/")[0]
                refusing = denial(self.buckets[bucket], call)
                allowed, statement = (allowed and refusing is None, refusing or statement)
            self.judged.append(Judged(role, call.action, call.resource, allowed, statement))
            all_allowed = all_allowed and allowed
        return all_allowed

    @cached_property
    def aliases(self) -> dict[str, list[str]]:
        """Aliases of keys, by the keys' ids."""
        found: dict[str, list[str]] = {}
        for alias in self.world.client("kms").list_aliases()["Aliases"]:
            found.setdefault(alias.get("TargetKeyId", ""), []).append(alias["AliasName"])
        return found

    def of_key(self, key: str | None, service: str, *actions: str) -> list[Call]:
        """The calls of KMS that a service makes in the caller's name for what a key encrypts."""
        if not key:
            return []
        id = key.split("/")[-1]
        arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{id}"
        context = {
            "kms:ResourceAliases": self.aliases[id], "kms:ViaService": f"{service}.{REGION}.amazonaws.com",
            "kms:CallerAccount": ACCOUNT,
        }  # fmt: skip
        return [Call(f"kms:{action}", arn, context) for action in actions]

    def wanted(self, service: str, request: "Request") -> list[Call]:
        """Everything that the caller of a request has to be allowed."""
        if service == "s3":
            return self.objects(request)
        if service == "sns":
            values = {name: value[0] for name, value in parse_qs(request.body.decode()).items()}
            topic = values["TopicArn"]
            key = self.world.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"].get("KmsMasterKeyId")
            return [Call(f"sns:{values['Action']}", topic), *self.of_key(key, "sns", "GenerateDataKey", "Decrypt")]
        operation, asked = request.operation, json.loads(request.body or b"{}")
        if service == "glue":
            return [
                Call(f"glue:{operation}", f"arn:aws:glue:{REGION}:{ACCOUNT}:{one}") for one in self.catalogued(operation, asked)
            ]
        if service == "athena":
            group = asked.get("WorkGroup") or self.executions.get(asked.get("QueryExecutionId", "")) or "primary"
            return [Call(f"athena:{operation}", f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup/{group}")]
        if service == "kinesis":
            name = asked.get("StreamName") or asked["StreamARN"].split("/")[-1]
            stream = self.world.client("kinesis").describe_stream(StreamName=name)["StreamDescription"]
            return [
                Call(f"kinesis:{operation}", stream["StreamARN"]),
                *self.of_key(stream.get("KeyId"), "kinesis", "GenerateDataKey"),
            ]
        if service == "secretsmanager":
            secret = self.world.client("secretsmanager").describe_secret(SecretId=asked["SecretId"])
            return [
                Call(f"secretsmanager:{operation}", secret["ARN"]),
                *self.of_key(secret.get("KmsKeyId"), "secretsmanager", "Decrypt"),
            ]
        if service == "lambda":
            return [
                Call(
                    "lambda:InvokeFunction",
                    f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{request.path.split('/')[3].split(':')[-1]}",
                )
            ]
        raise AssertionError(f"nobody knows what {service} is asked for: {request}")

    def catalogued(self, operation: str, asked: dict) -> list[str]:
        """What a call of Glue touches: the catalog, and the database and tables in it."""
        database = asked.get("DatabaseName")
        if operation in ("GetDatabase", "CreateDatabase", "UpdateDatabase"):
            return ["catalog", f"database/{asked.get('Name') or asked['DatabaseInput']['Name']}"]
        if operation == "GetDatabases":
            names = [one["Name"] for one in self.world.client("glue").get_databases()["DatabaseList"]]
            return ["catalog", *(f"database/{name}" for name in names)]
        if operation == "GetTables":
            names = [one["Name"] for one in self.world.client("glue").get_tables(DatabaseName=database)["TableList"]]
            return ["catalog", f"database/{database}", *(f"table/{database}/{name}" for name in names)]
        table = asked.get("Name") or asked.get("TableName") or asked["TableInput"]["Name"]
        return ["catalog", f"database/{database}", f"table/{database}/{table}"]

    def objects(self, request: "Request") -> list[Call]:
        bucket, _, key = request.path.lstrip("/").partition("/")
        bucket_arn, query = f"arn:aws:s3:::{bucket}", request.query
        headers = {f"s3:{name}": request.headers.get(name) for name in (
            "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id",
            "x-amz-server-side-encryption-customer-algorithm")}  # fmt: skip
        # These checks are on loopback without TLS; in AWS the SDK's endpoints are reached by HTTPS alone.
        context = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3", **headers}
        if not key:
            if "delete" in query:
                names = [node.text for node in ElementTree.fromstring(request.body).iter() if node.tag.endswith("Key")]
                return [Call("s3:DeleteObject", f"{bucket_arn}/{name}", context) for name in names]
            action = {"location": "s3:GetBucketLocation", "uploads": "s3:ListBucketMultipartUploads"}
            prefix = {"s3:prefix": query.get("prefix", [""])[0]}
            return [
                Call(next((action[name] for name in action if name in query), "s3:ListBucket"), bucket_arn, context | prefix)
            ]
        arn, key_id = f"{bucket_arn}/{key}", self.encryption(bucket)
        if request.method in ("GET", "HEAD"):
            return [Call("s3:GetObject", arn, context), *self.of_key(key_id, "s3", "Decrypt")]
        if request.method == "DELETE":
            return [Call("s3:AbortMultipartUpload" if "uploadId" in query else "s3:DeleteObject", arn, context)]
        parts = ("Decrypt",) if "uploadId" in query or "uploads" in query else ()
        return [Call("s3:PutObject", arn, context), *self.of_key(key_id, "s3", "GenerateDataKey", *parts)]

    def encryption(self, bucket: str) -> str | None:
        rules = self.world.client("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        return rules[0]["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID")

    def answer(self, request: "Request") -> tuple[int, list, bytes]:
        found = CREDENTIAL.search(request.headers.get("authorization", ""))
        assert found, f"a request without a signature: {request}"
        access_key, region, service = found.groups()
        role, token = self.roles[access_key]
        assert request.headers.get("x-amz-security-token") == token and region == REGION, "credentials of the role, whole"
        if not self.allows(role, self.wanted(service, request)):
            return refusal(service, role, request)
        status, fields, body = self.forward(service, request)
        if service == "athena" and request.operation == "StartQueryExecution" and status == 200:
            self.executions[json.loads(body)["QueryExecutionId"]] = json.loads(request.body).get("WorkGroup", "primary")
        if service == "s3" and status == 404 and "/" in request.path.lstrip("/"):
            # S3 tells only those who may list a bucket what is not in it.
            bucket, key = request.path.lstrip("/").split("/", 1)
            context = {"s3:prefix": key, "aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
            if not verdict(self.policies(role), Call("s3:ListBucket", f"arn:aws:s3:::{bucket}", context))[0]:
                return refusal(service, role, request)
        return status, fields, body

    def forward(self, service: str, request: "Request") -> tuple[int, list, bytes]:
        upstream = urlsplit(self.elsewhere.get(service, self.world.moto.endpoint))
        connection = HTTPConnection(upstream.hostname, upstream.port, timeout=30)
        try:
            headers = {name: value for name, value in request.headers.items() if name not in ("connection", "content-length")}
            connection.request(request.method, request.target, request.body, headers)
            response = connection.getresponse()
            content = response.read()
            skipped = ("content-length", "connection", "transfer-encoding", "server", "date")
            fields = [(name, value) for name, value in response.getheaders() if name.lower() not in skipped]
            return response.status, fields, content
        finally:
            connection.close()

    def _handler(gate):
        class Handler(PromptHandler):
            def do(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, fields, content = gate.answer(Request(self.command, self.path, headers, body))
                self.send_response_only(status)
                for name, value in fields:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do

        return Handler


class Request(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def operation(self) -> str:
        return self.headers.get("x-amz-target", "").split(".")[-1]


def refusal(service: str, role: str, request: Request) -> tuple[int, list, bytes]:
    """How a service says that a role may not."""
    message = f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{role}/function is not authorized to perform this"
    if service == "s3":
        body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>{message}</Message></Error>'
        return 403, [("Content-Type", "application/xml")], b"" if request.method == "HEAD" else body.encode()
    if service == "sns":
        inner = f"<Type>Sender</Type><Code>AuthorizationError</Code><Message>{message}</Message>"
        return (
            403,
            [("Content-Type", "text/xml")],
            f"<ErrorResponse><Error>{inner}</Error><RequestId>r</RequestId></ErrorResponse>".encode(),
        )
    body = json.dumps({"__type": "AccessDeniedException", "message": message, "Message": message})
    return 400, [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", "AccessDeniedException")], body.encode()
