"""Real servers that stand in for AWS on loopback: SeaweedFS for S3 and the Iceberg REST catalog, moto for the rest."""

import atexit
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from http.client import HTTPConnection
from pathlib import Path

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ACCESS_KEY, SECRET_KEY = "AKIDLAKEWRITER", "lake-writer-secret/with+signs"
READ_ONLY_KEY, READ_ONLY_SECRET = "AKIDLAKEREADER", "lake-reader-secret"

# Set for the tests' own clients, so that none of them looks for credentials or a region elsewhere.
CLIENT = {"region_name": REGION, "aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY}


def free_ports(count: int) -> list[int]:
    """Ports below the ephemeral range that are free now, and whose neighbours at port + 10000 are free for gRPC."""
    found: list[int] = []
    while len(found) < count:
        port = random.SystemRandom().randint(11_000, 22_000)
        if port not in found and _is_free(port) and _is_free(port + 10_000):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def program(name: str) -> str:
    """A program that a Python package brought, which lies beside the interpreter."""
    path = Path(sys.executable).parent / name
    assert path.exists(), f"{path} is missing: pip install -r Tests/requirements.txt"
    return str(path)


class ServerProcess:
    """One server in a process of its own, with a folder for its data and its log; both go when it is stopped."""

    def __init__(self, name: str, command: list[str], environment: dict | None = None, folder: Path | None = None):
        self.name = name
        self.folder = folder or Path(tempfile.mkdtemp(prefix=f"{name}-"))
        self.log_path = self.folder / "log.txt"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **(environment or {})},
            )
        atexit.register(self.stop)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else "(no log)"

    def wait_until(self, is_ready, what: str, seconds: float = 30):
        """Waits until the server answers; if it ends or does not come up, its log is the error."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                if is_ready():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        status = self.process.poll()
        log = self.log()
        self.stop()
        ended = "" if status is None else f", it ended with {status}"
        raise AssertionError(f"{self.name}: {what} did not come up{ended}; its log:\n{log[-6000:]}")

    def stop(self):
        atexit.unregister(self.stop)
        if self.process.poll() is None:
            self.process.kill()  # its data is thrown away, so nothing is lost by not asking
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def answer(port: int, method: str, path: str, body: bytes | None = None, headers: dict | None = None):
    """Status and body of one plain request to a loopback server."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


class SeaweedFS(ServerProcess):
    """S3 with verified signatures, and an Iceberg REST catalog over table buckets. Two identities: one that may do
    everything, and one that may only read."""

    def __init__(self):
        folder = Path(tempfile.mkdtemp(prefix="seaweedfs-"))
        identities = [
            _identity("writer", ACCESS_KEY, SECRET_KEY, ["Admin", "Read", "Write", "List", "Tagging"]),
            _identity("reader", READ_ONLY_KEY, READ_ONLY_SECRET, ["Read", "List"]),
        ]
        (folder / "s3.json").write_text(json.dumps({"identities": identities}))
        (folder / "data").mkdir()
        self.s3_port, self.rest_port, master, volume, filer, admin = free_ports(6)
        super().__init__(
            "seaweedfs",
            [
                program("weed"), "mini", f"-dir={folder}/data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
                "-master.telemetry=false", "-webdav=false", "-admin.ui=false", f"-s3.config={folder}/s3.json",
                "-s3.autoCreateBucket=false", f"-s3.port={self.s3_port}", f"-s3.port.iceberg={self.rest_port}",
                "-s3.port.lance=0",
                f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-admin.port={admin}",
                # Each bucket takes some volumes; by default there are too few for all tests of a run.
                "-volume.max=100000", f"-filer.localSocket={folder}/filer.sock",
            ],
            folder=folder,
        )  # fmt: skip
        self.wait_until(lambda: answer(self.s3_port, "GET", "/")[0] in (200, 403), "S3")
        config = "/v1/config?warehouse=s3://tlake"
        self.wait_until(lambda: answer(self.rest_port, "GET", config)[0] < 500, "the REST catalog")
        self.wait_until(self._has_buckets, "the buckets lake and tlake")

    @property
    def s3_endpoint(self) -> str:
        return f"http://127.0.0.1:{self.s3_port}"

    @property
    def rest_endpoint(self) -> str:
        return f"http://127.0.0.1:{self.rest_port}"

    def s3(self, endpoint: str | None = None, **settings):
        """A boto3 client of this S3, with the writer's credentials unless others are given."""
        return client("s3", endpoint or self.s3_endpoint, **settings)

    def new_bucket(self) -> str:
        """A fresh ordinary bucket, for a test that wants a lake of its own."""
        name = f"lake-{uuid.uuid4().hex[:12]}"
        self.s3().create_bucket(Bucket=name)
        return name

    def new_table_bucket(self) -> str:
        """A fresh table bucket, the warehouse of a REST catalog of its own."""
        name = f"tables-{uuid.uuid4().hex[:12]}"
        client("s3tables", self.s3_endpoint).create_table_bucket(name=name)
        return name

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """Every key of a bucket below a prefix."""
        pages = self.s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return sorted(item["Key"] for page in pages for item in page.get("Contents", []))

    def _has_buckets(self) -> bool:
        """Makes the bucket `lake` and the table bucket `tlake`, as soon as the server lets it."""
        from botocore.exceptions import ClientError

        try:
            self.s3().create_bucket(Bucket="lake")
            client("s3tables", self.s3_endpoint).create_table_bucket(name="tlake")
        except ClientError as error:
            return "Exists" in str(error) or "Conflict" in str(error)
        return True


def _identity(name: str, key: str, secret: str, actions: list[str]) -> dict:
    return {"name": name, "credentials": [{"accessKey": key, "secretKey": secret}], "actions": actions}


def client(service: str, endpoint: str, **settings):
    """A boto3 client of one service at a loopback endpoint, which does not retry by itself."""
    import boto3
    from botocore.config import Config

    style = {"s3": {"addressing_style": "path"}} if service == "s3" else {}
    config = Config(retries={"total_max_attempts": 1}, read_timeout=30, proxies={}, **style)
    return boto3.client(service, endpoint_url=endpoint, config=config, **{**CLIENT, **settings})


class Moto(ServerProcess):
    """The other AWS services. Signatures and permissions are not checked unless `check_signatures` says so."""

    def __init__(self):
        (self.port,) = free_ports(1)
        environment = {"AWS_DEFAULT_REGION": REGION, "MOTO_ACCOUNT_ID": ACCOUNT, "PYTHONUNBUFFERED": "1"}
        super().__init__("moto", [program("moto_server"), "-H", "127.0.0.1", "-p", str(self.port)], environment)
        self.wait_until(lambda: answer(self.port, "GET", "/moto-api/data.json")[0] == 200, "moto")

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def reset(self):
        """Forgets every resource, as between two tests."""
        self.check_signatures(False)
        status, body = answer(self.port, "POST", "/moto-api/reset")
        assert status == 200, body

    def check_signatures(self, are_checked: bool):
        """Whether requests need a valid signature and permission from now on."""
        status, body = answer(self.port, "POST", "/moto-api/reset-auth", b"0" if are_checked else b"inf")
        assert status == 200, body

    def client(self, service: str, **settings):
        return client(service, self.endpoint, **settings)

    def new_user(self, actions: list[str], name: str = "lake") -> dict:
        """Credentials, as boto3 takes them, of a new user who may do just these actions. Made before signatures are
        checked."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=name, PolicyName="lake", PolicyDocument=policy)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
