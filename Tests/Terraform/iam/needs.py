"""What each job's role must be able to do, and why: of the code's calls, and of what AWS does in the role's name."""

from dataclasses import dataclass, field
from pathlib import Path

from iam import actions
from iam.actions import Need, needs
from iam.derivation import Derivation
from iam.scope import Lake, Scope

# What Lambda does for every function, for those in a network, and for mappings: Lambda's developer guide, "Execution role",
# "Giving functions access to resources in a VPC", "Kinesis", "Amazon MSK", "Retain discarded batch records".
LOGS = needs("logs:CreateLogStream log_streams", "logs:PutLogEvents log_streams")
TRACES = needs("xray:PutTraceSegments everything", "xray:PutTelemetryRecords everything")
FAILURES = needs("sqs:SendMessage failure_queue", "kms:Decrypt operations_key", "kms:GenerateDataKey operations_key")
INTERFACES = needs(
    "ec2:CreateNetworkInterface interfaces", "ec2:DeleteNetworkInterface interfaces", "ec2:DescribeNetworkInterfaces everything",
    "ec2:DescribeSubnets everything")
NETWORK = INTERFACES + needs("ec2:AssignPrivateIpAddresses interfaces", "ec2:UnassignPrivateIpAddresses interfaces")
KINESIS_MAPPING = needs(
    "kinesis:DescribeStream streams_read", "kinesis:DescribeStreamSummary streams_read", "kinesis:GetRecords streams_read",
    "kinesis:GetShardIterator streams_read", "kinesis:ListShards streams_read", "kms:Decrypt key_of_streams_read")
GIVEN_UP = needs("s3:PutObject given_up", "s3:ListBucket given_up_bucket", "kms:GenerateDataKey given_up_key")
KAFKA_MAPPING = INTERFACES + needs(
    "kafka:DescribeClusterV2 cluster", "kafka:GetBootstrapBrokers cluster", "ec2:DescribeSecurityGroups everything",
    "ec2:DescribeVpcs everything")
KAFKA_READING = needs(
    "kafka-cluster:Connect cluster", "kafka-cluster:DescribeClusterDynamicConfiguration cluster",
    "kafka-cluster:DescribeTopic topics_read", "kafka-cluster:ReadData topics_read", "kafka-cluster:DescribeGroup groups",
    "kafka-cluster:AlterGroup groups")


@dataclass
class Needed:
    """What one role needs: by action and resource, the reasons."""

    reasons: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    # The same by kind of resource, for people: what is called, and the files that do.
    callers: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def resources(self, action: str) -> set[str]:
        return {resource for each, resource in self.reasons if each == action}

    @property
    def actions(self) -> set[str]:
        return {action for action, _ in self.reasons}

    def why(self, action: str, resource: str | None = None) -> str:
        found = [why for (each, on), why in self.reasons.items() if each == action and resource in (None, on)]
        return "; ".join(dict.fromkeys(reason for reasons in found for reason in reasons))


def needed(job: str, derivation: Derivation, lake: Lake, function, repository: Path) -> Needed:
    """What a job's role needs."""
    scope = Scope(lake, job, function)
    result = Needed()

    def add(wanted: tuple[Need, ...], name: str, places: tuple | list = ()) -> None:
        files = list(dict.fromkeys(str(Path(place.path).relative_to(repository.resolve())) for place in places if place))
        reason = f"{name} in {', '.join(files)}" if files else name
        for need in wanted:
            on = scope(need.kind)
            if files and not on and scope.must_know(need.kind):
                result.faults.append(f"{job}: calls for {need.action} ({reason}), but scope.Scope.{need.kind} knows nothing of it")
            if on:
                result.callers.setdefault((need.action, need.kind), {})[name] = files
            for resource in on:
                reasons = result.reasons.setdefault((need.action, resource), [])
                if reason not in reasons:
                    reasons.append(reason)

    for operation, places in derivation.operations[job].items():
        if operation not in actions.OPERATIONS:
            first = places[0]
            result.faults.append(
                f"{job}: {operation}, called at {first.path}:{first.line}, is not in actions.OPERATIONS: say there which "
                "actions of IAM it takes, and on what")
            continue
        add(actions.OPERATIONS[operation], operation, places)
        if operation == "athena:StartQueryExecution" and scope("workgroup"):
            if job not in actions.ATHENA:
                result.faults.append(f"{job}: starts queries, and actions.ATHENA does not say what Athena does for it")
                continue
            statement, wanted = actions.ATHENA[job]
            add(wanted, f"{statement} by Athena")
    if _signs_in_by_iam(scope):
        for name, places in derivation.kafka[job].items():
            add(actions.KAFKA.get(name, ()), name, places)
    _add_lambda(add, scope, function, lake)
    return result


def _signs_in_by_iam(scope: Scope) -> bool:
    return scope.environment.get("KAFKA_SECURITY") == "msk-iam"


def _add_lambda(add, scope: Scope, function, lake: Lake) -> None:
    add(LOGS, "Lambda's log")
    if any(each.get("mode") == "Active" for each in function["tracing_config"] or []):
        add(TRACES, "Lambda's traces")
    given_up = lake.plan.of_type("aws_lambda_function_event_invoke_config")
    if any(each["function_name"] == function["function_name"] for each in given_up):
        add(FAILURES, "events that Lambda gives up")
    if function["vpc_config"]:
        add(NETWORK, "Lambda's network interfaces")
    if scope.mappings("kinesis"):
        add(KINESIS_MAPPING, "the mapping of Kinesis")
        add(GIVEN_UP, "batches that the mapping gives up")
    if scope.mappings("kafka"):
        add(KAFKA_MAPPING, "the mapping of MSK")
        existing = lake.kafka.get("existing")
        if existing is None or existing.get("security", "msk-iam") == "msk-iam":
            add(KAFKA_READING, "the mapping of MSK")
