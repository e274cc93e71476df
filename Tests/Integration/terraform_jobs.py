"""Real jobs that run as the plan deploys them: with their planned environment, and behind the gate with their role's
credentials alone."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from aws_lakes import packaged
from runtime_api import Function, Outcome
from servers import REGION
from support import ROOT
from terraform_gate import Gate
from terraform_plans import changes
from terraform_resources import World

# What the jobs touch. Buckets' policies stay out of moto, which would hold them against plain HTTP; the gate asks them.
TOUCHED = (
    "aws_kms_key", "aws_kms_alias", "aws_s3_bucket", "aws_s3_bucket_versioning", "aws_s3_object", "aws_iam_role",
    "aws_s3_bucket_server_side_encryption_configuration", "aws_iam_role_policy", "aws_secretsmanager_secret",
    "aws_kinesis_stream", "aws_sns_topic", "aws_glue_catalog_database", "aws_athena_workgroup",
)  # fmt: skip


def environment(plan, world: World, job: str) -> dict[str, str]:
    """The variables that a function is planned with, and those that Lambda adds."""
    (change,) = [one for one in changes(plan) if one["address"] == f'module.function["{job}"].aws_lambda_function.this']
    planned = change["change"]["after"]
    return {
        **world.resolved(planned["environment"][0]["variables"]),
        "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_LAMBDA_FUNCTION_NAME": planned["function_name"],
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(planned["memory_size"]),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{planned['function_name']}", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EXECUTION_ENV": "AWS_Lambda_provided.al2023", "LAMBDA_TASK_ROOT": "/var/task", "TZ": ":UTC",
        "_HANDLER": "bootstrap", "_X_AMZN_TRACE_ID": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1",
    }  # fmt: skip


@dataclass
class Deployed:
    """The jobs of a plan, as they would be in AWS."""

    plan: object
    world: World
    gate: Gate

    def role(self, job: str) -> str:
        return self.plan[f'module.function["{job}"].aws_iam_role.this']["name"]

    def run(self, job: str, event, **more: str) -> Outcome:
        """One event in a cold function."""
        variables = environment(self.plan, self.world, job) | self.gate.credentials(self.role(job))
        variables |= {"AWS_ENDPOINT_URL": self.gate.endpoint, "AWS_MAX_ATTEMPTS": "1", **more}
        with Function(job, None, variables, program=packaged(job)) as function:
            outcome = function.invoke(event)
            outcome.logs = function.logs()
            return outcome

    def policy(self, job: str) -> dict:
        return json.loads(self.plan[f'module.function["{job}"].aws_iam_role_policy.this']["policy"])

    def put_policy(self, job: str, policy: dict):
        name = self.plan[f'module.function["{job}"].aws_iam_role_policy.this']["name"]
        iam = self.world.client("iam")
        iam.put_role_policy(RoleName=self.role(job), PolicyName=name, PolicyDocument=json.dumps(policy))


def without(policy: dict, sid: str, action: str) -> dict:
    """A policy that lacks one action of one statement."""
    statements = []
    for statement in policy["Statement"]:
        rest = [one for one in statement["Action"] if statement["Sid"] != sid or one.lower() != action.lower()]
        if rest:
            statements.append(statement | {"Action": rest})
    return policy | {"Statement": statements}


@dataclass
class Trial:
    """How one job is tried: what makes an event, of which no two are the same, what goes before, and what it needs besides."""

    event: Callable[[int], dict]
    before: Callable[["Deployed"], None] = lambda deployed: None
    more: Callable[[], dict] = dict


def sample(name: str) -> dict:
    return json.loads((ROOT / "events" / f"{name}.json").read_text())


def succeeded(outcome: Outcome) -> bool:
    """Whether an invocation did all that it was asked for, and logged no error."""
    if outcome.reply is None or any(line.get("level") in ("ERROR", "CRITICAL") for line in outcome.logs):
        return False
    reply = outcome.reply
    put = reply["records"]["put"] if isinstance(reply.get("records"), dict) else 1
    return not reply.get("batchItemFailures") and not reply.get("failed") and put > 0 and reply.get("statusCode", 200) < 300
