"""Real functions start with the environments that Terraform plans for them, and read the lake.json that it stores; the first
call of an apply makes the tables."""

import json

import pytest
from aws_lakes import packaged
from runtime_api import Function
from servers import ACCESS_KEY, REGION, SECRET_KEY
from support import ROOT
from terraform_plans import plan

import zips  # beside the other checks of terraform/, which terraform_plans has made known

JOBS = sorted(path.name for path in (ROOT / "lambdas").iterdir() if path.is_dir())
CLUSTER = "arn:aws:kafka:eu-west-1:123456789012:cluster/swiftlake-dev/6d2b1a4c-0001-4b1e-8f3c-0242ac120002-3"
EVERYTHING = {"features": {"elastic": True}, "elastic": {"url": "https://quotes.example.com"}, "alpaca_key": True}
# Secrets by the variables with their ARNs.
SECRETS = {
    "ALPACA_SECRET_ARN": {"keyId": "id", "secretKey": "key"},
    "COINAPI_KEY_SECRET_ARN": {"apiKey": "key"},
    "EDGE_MASTER_SECRET_SECRET_ARN": "0123456789abcdef0123456789abcdef",
    "ELASTICSEARCH_API_KEY_SECRET_ARN": {"url": "https://quotes.example.com", "username": "elastic", "password": "word"},
}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """Plans by their variables, each made once."""
    packages, made = zips.write(tmp_path_factory.mktemp("zips") / "dist"), {}

    def of(**variables):
        key = json.dumps(variables, sort_keys=True)
        if key not in made:
            made[key] = plan(ROOT / "terraform", {"packages": str(packages), **variables})
        return made[key]

    return of


class Deployment:
    """What functions of a plan find in AWS: buckets with lake.json, databases and secrets."""

    def __init__(self, made, moto):
        self.made, self.moto = made, moto
        s3 = moto.client("s3")
        for bucket in made.of_type("aws_s3_bucket"):
            s3.create_bucket(Bucket=bucket["bucket"], CreateBucketConfiguration={"LocationConstraint": REGION})
        stored = made["module.storage.aws_s3_object.definition"]
        artefacts = made['module.storage.aws_s3_bucket.this["artefacts"]']["bucket"]
        s3.put_object(Bucket=artefacts, Key=stored["key"], Body=stored["content"].encode())
        for database in made.of_type("aws_glue_catalog_database"):
            moto.client("glue").create_database(DatabaseInput={"Name": database["name"]})

    def told(self, variable: str) -> str:
        """What AWS tells only after apply."""
        if variable == "KAFKA_CLUSTER_ARN":
            return CLUSTER
        if variable == "KAFKA_BOOTSTRAP_SERVERS":
            return "b-1.lake.abcdef.c2.kafka.eu-west-1.amazonaws.com:9098"
        value = SECRETS[variable]
        text = value if isinstance(value, str) else json.dumps(value)
        return self.moto.client("secretsmanager").create_secret(Name=variable, SecretString=text)["ARN"]

    def environment(self, job: str) -> dict:
        function = self.made[f'module.function["{job}"].aws_lambda_function.this']
        unknown = function.unknown["environment"][0].get("variables", {})
        return {
            **function["environment"][0]["variables"], **{variable: self.told(variable) for variable in unknown},
            "AWS_LAMBDA_FUNCTION_NAME": function["function_name"],
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function["memory_size"]),
            "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_ENDPOINT_URL": self.moto.endpoint,
        }  # fmt: skip

    def start(self, job: str) -> Function:
        return Function(job, None, self.environment(job), program=packaged(job))


@pytest.mark.parametrize("job", JOBS)
def test_functions_start_as_they_are_planned(job, planned, moto):
    with Deployment(planned(**EVERYTHING), moto).start(job) as function:
        # What follows an initialisation that failed is another error, and the end.
        outcome = function.invoke({"no such option": True})
    assert outcome.error and "Event" in outcome.error["errorType"], (outcome, function.process.returncode)


def test_the_first_call_of_an_apply_makes_the_tables(planned, moto):
    made = planned(lakes=["iot"])
    [call] = made.of_type("aws_lambda_invocation")
    with Deployment(made, moto).start("bootstrap-tables") as function:
        outcome = function.invoke(call["input"].encode())
    assert outcome.reply and outcome.reply["created"] == 3, outcome
    glue = moto.client("glue")
    for database, tables in {"iot_db": {"sensor_readings", "alerts"}, "lake_db": {"dead_letters"}}.items():
        assert {table["Name"] for table in glue.get_tables(DatabaseName=database)["TableList"]} == tables
    table = glue.get_table(DatabaseName="iot_db", Name="alerts")["Table"]
    # Where the plan's policies let functions write.
    bucket = made['module.storage.aws_s3_bucket.this["bronze"]']["bucket"]
    assert table["StorageDescriptor"]["Location"] == f"s3://{bucket}/warehouse/iot_db/alerts"
