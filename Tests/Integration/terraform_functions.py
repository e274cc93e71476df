"""How roles, functions, mappings, schedules and the devices' API of a plan are made in moto."""

import base64
import hashlib
import json

from botocore.validate import ParamValidator
from terraform_resources import Making, makes, shaped


@makes("aws_iam_role", order=30)
def role(it: Making):
    iam = it.client("iam")
    names = {"name": "role_name", "assume_role_policy": "assume_role_policy_document", "max_session_duration": "max_session_duration"}
    names |= {name: name for name in ("path", "description", "tags", "permissions_boundary")}
    made = it.call("iam", "create_role", {to: it.get(name) for name, to in names.items()})["Role"]
    found = iam.get_role(RoleName=it["name"])["Role"]
    it.found(
        name=found["RoleName"], description=found.get("Description"), path=found["Path"], tags=found.get("Tags", []),
        assume_role_policy=found["AssumeRolePolicyDocument"], max_session_duration=found.get("MaxSessionDuration"),
        permissions_boundary=found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    )  # fmt: skip
    it.left("the provider's own", "force_detach_policies")
    it.made(arn=made["Arn"], id=it["name"], name=it["name"], unique_id=made["RoleId"])


@makes("aws_iam_role_policy", order=31)
def role_policy(it: Making):
    iam, names = it.client("iam"), {"RoleName": it["role"], "PolicyName": it.get("name", "permissions")}
    iam.put_role_policy(**names, PolicyDocument=it["policy"])
    found = iam.get_role_policy(**names)
    it.found(role=found["RoleName"], name=found["PolicyName"], policy=found["PolicyDocument"])
    it.made(id=f"{it['role']}:{names['PolicyName']}")


@makes("aws_iam_role_policy_attachment", order=32)
def attachment(it: Making):
    iam = it.client("iam")
    iam.attach_role_policy(RoleName=it["role"], PolicyArn=it["policy_arn"])
    found = iam.list_attached_role_policies(RoleName=it["role"])["AttachedPolicies"]
    it.found(role=it["role"], policy_arn=next(one["PolicyArn"] for one in found if one["PolicyArn"] == it["policy_arn"]))


@makes("aws_lambda_function", order=40)
def function(it: Making):
    """With the zip that the plan has put into the bucket before, or with one of its own."""
    lambda_, arguments = it.client("lambda"), dict(it.arguments)
    arguments |= {"timeout": it.get("timeout"), "memory_size": it.get("memory_size")}
    code = {name: arguments.pop(name, None) for name in ("s3_bucket", "s3_key", "s3_object_version")}
    source, expected = arguments.pop("filename", None), arguments.pop("source_code_hash", None)
    if source:
        zip = it.world.file(source).read_bytes()
        sent = {"ZipFile": zip}
    else:
        zip = it.client("s3").get_object(Bucket=code["s3_bucket"], Key=code["s3_key"])["Body"].read()
        sent = {"S3Bucket": code["s3_bucket"], "S3Key": code["s3_key"]}
    concurrency = arguments.pop("reserved_concurrent_executions", -1)
    renames = {"kms_key_arn": "KMSKeyArn"}
    skipped = {"region", "tags_all", "skip_destroy", "publish", "replace_security_groups_on_destroy"}
    api = {renames.get(name, name): value for name, value in arguments.items() if name not in skipped}
    if api.get("tracing_config"):
        api["tracing_config"] = api["tracing_config"][0]
    it.call("lambda", "create_function", api, Code=sent)
    name = it["function_name"]
    if concurrency is not None and concurrency >= 0:
        lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=concurrency)
    whole = lambda_.get_function(FunctionName=name)
    found = whole["Configuration"]
    digest = base64.b64encode(hashlib.sha256(zip).digest()).decode()
    assert (found["CodeSha256"], found["CodeSize"]) == (digest, len(zip)), f"{it.address}: not the zip that it was given"
    it.found(source_code_hash=found["CodeSha256"] if expected == digest else expected and digest)
    for argument in (*code, "filename"):
        it.kept(argument, digest, found["CodeSha256"])
    plain = {argument.replace("_", "").lower(): argument for argument in it.arguments}
    compared = {plain[key.lower()]: value for key, value in found.items() if key.lower() in plain}
    it.found(**compared)
    it.found(tags=whole.get("Tags", {}))
    if it.get("environment"):
        it.found(environment=found["Environment"])
    concurrent = whole.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1)
    it.found(reserved_concurrent_executions=concurrent)
    it.left("moto keeps no such setting of a function", "logging_config", "package_type")
    it.left("the provider's own", "skip_destroy", "publish")
    region = lambda_.meta.region_name
    invoke = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{found['FunctionArn']}/invocations"
    it.made(arn=found["FunctionArn"], id=name, function_name=name, invoke_arn=invoke, qualified_arn=f"{found['FunctionArn']}:$LATEST", version="$LATEST")
    it.made(code_sha256=digest)


@makes("aws_lambda_function_event_invoke_config", order=41)
def event_invoke_config(it: Making):
    lambda_ = it.client("lambda")
    renames = {"maximum_event_age_in_seconds": "maximum_event_age_in_seconds"}
    sent = {renames.get(name, name): value for name, value in it.arguments.items() if name not in ("region",)}
    it.call("lambda", "put_function_event_invoke_config", sent)
    found = lambda_.get_function_event_invoke_config(FunctionName=it["function_name"])
    it.found(
        function_name=found["FunctionArn"].split(":")[6], maximum_event_age_in_seconds=found.get("MaximumEventAgeInSeconds"),
        maximum_retry_attempts=found.get("MaximumRetryAttempts"), destination_config=found.get("DestinationConfig"),
    )  # fmt: skip


@makes("aws_lambda_permission", order=42)
def permission(it: Making):
    names = {"statement_id": "statement_id", "action": "action", "function_name": "function_name", "principal": "principal"}
    names |= {name: name for name in ("source_arn", "source_account", "qualifier")}
    it.call("lambda", "add_permission", {to: it.get(name) for name, to in names.items()})
    policy = json.loads(it.client("lambda").get_policy(FunctionName=it["function_name"])["Policy"])
    (found,) = [statement for statement in policy["Statement"] if statement["Sid"] == it["statement_id"]]
    it.found(
        statement_id=found["Sid"], action=found["Action"], principal=found["Principal"]["Service"],
        function_name=found["Resource"].split(":")[6], source_arn=found["Condition"]["ArnLike"]["AWS:SourceArn"],
        source_account=found["Condition"].get("StringEquals", {}).get("AWS:SourceAccount"),
    )  # fmt: skip


@makes("aws_lambda_event_source_mapping", order=45)
def mapping(it: Making):
    skipped = ("region", "tags_all")
    renames = {"amazon_managed_kafka_event_source_config": "AmazonManagedKafkaEventSourceConfig"}
    sent = {renames.get(name, name): value for name, value in it.arguments.items() if name not in skipped}
    lambda_ = it.client("lambda")
    if ":kafka:" in it["event_source_arn"]:
        # Moto knows no mapping of Kafka; the request is what botocore's model of the service takes.
        shape = lambda_.meta.service_model.operation_model("CreateEventSourceMapping").input_shape
        request = shaped(shape, sent, it.address)
        faults = ParamValidator().validate(request, shape)
        assert not faults.has_errors(), f"{it.address}: {faults.generate_report()}"
        lambda_.get_function(FunctionName=it["function_name"])
        it.left("moto makes no mapping of Kafka: only the shape of the request is checked", *it.arguments)
        return
    made = it.call("lambda", "create_event_source_mapping", sent)
    found = lambda_.get_event_source_mapping(UUID=made["UUID"])
    plain = {argument.replace("_", "").lower(): argument for argument in it.arguments}
    it.found(**{plain[key.lower()]: value for key, value in found.items() if key.lower() in plain})
    it.found(function_name=found["FunctionArn"].split(":")[6], enabled=found["State"] == "Enabled")
    it.left("moto keeps no tags of mappings", "tags")
    it.made(id=made["UUID"], uuid=made["UUID"], arn=found.get("EventSourceMappingArn", ""), function_arn=found["FunctionArn"])


@makes("aws_scheduler_schedule_group", order=33)
def schedule_group(it: Making):
    scheduler = it.client("scheduler")
    it.call("scheduler", "create_schedule_group", {"name": it["name"], "tags": it.get("tags")})
    found = scheduler.get_schedule_group(Name=it["name"])
    it.found(name=found["Name"], tags=scheduler.list_tags_for_resource(ResourceArn=found["Arn"])["Tags"])
    it.made(arn=found["Arn"], id=found["Name"], name=found["Name"])


@makes("aws_scheduler_schedule", order=46)
def schedule(it: Making):
    it.call("scheduler", "create_schedule", {name: value for name, value in it.arguments.items() if name not in ("region",)})
    found = it.client("scheduler").get_schedule(Name=it["name"], GroupName=it.get("group_name", "default"))
    plain = {argument.replace("_", "").lower(): argument for argument in it.arguments}
    it.found(**{plain[key.lower()]: value for key, value in found.items() if key.lower() in plain})
    it.made(arn=found["Arn"], id=f"{found['GroupName']}/{found['Name']}")


@makes("aws_apigatewayv2_api", order=43)
def api(it: Making):
    gateway = it.client("apigatewayv2")
    made = it.call("apigatewayv2", "create_api", {name: value for name, value in it.arguments.items() if name not in ("region", "tags_all")})
    found = gateway.get_api(ApiId=made["ApiId"])
    _compare(it, found)
    region = gateway.meta.region_name
    it.made(id=made["ApiId"], api_endpoint=found["ApiEndpoint"], arn=f"arn:aws:apigateway:{region}::/apis/{made['ApiId']}")
    it.made(execution_arn=f"arn:aws:execute-api:{region}:123456789012:{made['ApiId']}")


@makes("aws_apigatewayv2_integration", order=44)
def integration(it: Making):
    made = it.call("apigatewayv2", "create_integration", {name: value for name, value in it.arguments.items() if name != "region"})
    _compare(it, it.client("apigatewayv2").get_integration(ApiId=it["api_id"], IntegrationId=made["IntegrationId"]))
    it.found(api_id=it["api_id"])
    it.made(id=made["IntegrationId"])


@makes("aws_apigatewayv2_route", order=45)
def route(it: Making):
    made = it.call("apigatewayv2", "create_route", {name: value for name, value in it.arguments.items() if name != "region"})
    _compare(it, it.client("apigatewayv2").get_route(ApiId=it["api_id"], RouteId=made["RouteId"]))
    it.found(api_id=it["api_id"])
    it.made(id=made["RouteId"])


@makes("aws_apigatewayv2_stage", order=46)
def stage(it: Making):
    renames = {"name": "stage_name"}
    sent = {renames.get(name, name): value for name, value in it.arguments.items() if name not in ("region", "tags_all")}
    it.call("apigatewayv2", "create_stage", sent)
    found = it.client("apigatewayv2").get_stage(ApiId=it["api_id"], StageName=it["name"])
    _compare(it, found)
    it.found(api_id=it["api_id"], name=found["StageName"])
    region = it.client("apigatewayv2").meta.region_name
    it.made(id=it["name"], invoke_url=f"https://{it['api_id']}.execute-api.{region}.amazonaws.com/")


def _compare(it: Making, found: dict):
    """Compares every argument that a reply tells of under its own name."""
    plain = {argument.replace("_", "").lower(): argument for argument in it.arguments}
    it.found(**{plain[key.lower()]: value for key, value in found.items() if key.lower() in plain})


@makes("aws_lambda_invocation", "terraform_data", order=90)
def not_made(it: Making):
    it.left("happens when it is applied", *it.arguments)
