"""How roles, functions, mappings, schedules and the devices' API of a plan are made in moto."""

import base64
import hashlib
import json

from terraform_resources import Making, makes


@makes("aws_iam_role", order=30)
def role(it: Making):
    iam = it.client("iam")
    sent = it.given("force_detach_policies", name="role_name", assume_role_policy="assume_role_policy_document")
    made = it.call("iam", "create_role", sent)["Role"]
    # Only when it is told again moto looks at it.
    iam.update_assume_role_policy(RoleName=it["name"], PolicyDocument=it["assume_role_policy"])
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
    lambda_ = it.client("lambda")
    place = {"Bucket": it.get("s3_bucket"), "Key": it.get("s3_key")}
    if it.get("filename"):
        zip = it.world.file(it["filename"]).read_bytes()
        code = {"ZipFile": zip}
    else:
        zip = it.client("s3").get_object(**place)["Body"].read()
        code = {f"S3{name}": value for name, value in place.items()}
    own = ("s3_bucket", "s3_key", "s3_object_version", "filename", "source_code_hash", "skip_destroy", "publish")
    it.call("lambda", "create_function", it.given(*own, "reserved_concurrent_executions"), Code=code)
    concurrency = it.get("reserved_concurrent_executions", -1)
    name = it["function_name"]
    if concurrency >= 0:
        lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=concurrency)
    whole = lambda_.get_function(FunctionName=name)
    found = whole["Configuration"]
    digest = base64.b64encode(hashlib.sha256(zip).digest()).decode()
    assert (found["CodeSha256"], found["CodeSize"]) == (digest, len(zip)), f"{it.address}: not the zip that it was given"
    for argument in ("s3_bucket", "s3_key", "s3_object_version", "filename"):
        it.kept(argument, digest, found["CodeSha256"])
    it.found(source_code_hash=found["CodeSha256"])
    it.found_in(found)
    it.found(tags=whole.get("Tags", {}))
    if it.get("environment"):
        it.found(environment=found["Environment"])
    concurrent = whole.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1)
    it.found(reserved_concurrent_executions=concurrent)
    it.left("moto keeps no such setting of a function", "logging_config", "package_type")
    it.left("the provider's own", "skip_destroy", "publish")
    region = lambda_.meta.region_name
    invoke = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{found['FunctionArn']}/invocations"
    it.made(
        arn=found["FunctionArn"],
        id=name,
        function_name=name,
        invoke_arn=invoke,
        qualified_arn=f"{found['FunctionArn']}:$LATEST",
        version="$LATEST",
    )
    it.made(code_sha256=digest)


@makes("aws_lambda_function_event_invoke_config", order=41)
def event_invoke_config(it: Making):
    lambda_ = it.client("lambda")
    it.call("lambda", "put_function_event_invoke_config", it.given())
    found = lambda_.get_function_event_invoke_config(FunctionName=it["function_name"])
    it.found(
        function_name=found["FunctionArn"].split(":")[6], maximum_event_age_in_seconds=found.get("MaximumEventAgeInSeconds"),
        maximum_retry_attempts=found.get("MaximumRetryAttempts"), destination_config=found.get("DestinationConfig"),
    )  # fmt: skip


@makes("aws_lambda_permission", order=42)
def permission(it: Making):
    it.call("lambda", "add_permission", it.given())
    policy = json.loads(it.client("lambda").get_policy(FunctionName=it["function_name"])["Policy"])
    (found,) = [statement for statement in policy["Statement"] if statement["Sid"] == it["statement_id"]]
    it.found(
        statement_id=found["Sid"], action=found["Action"], principal=found["Principal"]["Service"],
        function_name=found["Resource"].split(":")[6], source_arn=found["Condition"]["ArnLike"]["AWS:SourceArn"],
        source_account=found["Condition"].get("StringEquals", {}).get("AWS:SourceAccount"),
    )  # fmt: skip


@makes("aws_lambda_event_source_mapping", order=45)
def mapping(it: Making):
    sent, lambda_ = it.given(), it.client("lambda")
    failures = [
        {"on_failure": [{"destination": one["destination_arn"]} for one in block["on_failure"]]}
        for block in it.get("destination_config", [])
    ]
    sent["destination_config"] = failures
    if ":kafka:" in it["event_source_arn"]:
        # Moto knows no mapping of Kafka; the request is what botocore's model of the service takes.
        it.world.request("lambda", "CreateEventSourceMapping", sent)
        lambda_.get_function(FunctionName=it["function_name"])
        it.left("moto makes no mapping of Kafka: only the shape of the request is checked", *it.arguments)
        return
    made = it.call("lambda", "create_event_source_mapping", sent)
    found = lambda_.get_event_source_mapping(UUID=made["UUID"])
    it.kept("destination_config", failures, found.get("DestinationConfig"))
    it.found_in({name: value for name, value in found.items() if name != "DestinationConfig"})
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
    it.call("scheduler", "create_schedule", it.given())
    found = it.client("scheduler").get_schedule(Name=it["name"], GroupName=it.get("group_name", "default"))
    it.found_in(found)
    it.made(arn=found["Arn"], id=f"{found['GroupName']}/{found['Name']}")


@makes("aws_apigatewayv2_api", order=43)
def api(it: Making):
    gateway = it.client("apigatewayv2")
    made = it.call("apigatewayv2", "create_api", it.given())
    found = gateway.get_api(ApiId=made["ApiId"])
    it.found_in(found)
    region = gateway.meta.region_name
    it.made(id=made["ApiId"], api_endpoint=found["ApiEndpoint"], arn=f"arn:aws:apigateway:{region}::/apis/{made['ApiId']}")
    it.made(execution_arn=f"arn:aws:execute-api:{region}:123456789012:{made['ApiId']}")


@makes("aws_apigatewayv2_integration", order=44)
def integration(it: Making):
    made = it.call("apigatewayv2", "create_integration", it.given())
    it.found_in(it.client("apigatewayv2").get_integration(ApiId=it["api_id"], IntegrationId=made["IntegrationId"]))
    it.found(api_id=it["api_id"])
    it.made(id=made["IntegrationId"])


@makes("aws_apigatewayv2_route", order=45)
def route(it: Making):
    made = it.call("apigatewayv2", "create_route", it.given())
    it.found_in(it.client("apigatewayv2").get_route(ApiId=it["api_id"], RouteId=made["RouteId"]))
    it.found(api_id=it["api_id"])
    it.made(id=made["RouteId"])


@makes("aws_apigatewayv2_stage", order=46)
def stage(it: Making):
    it.call("apigatewayv2", "create_stage", it.given(name="stage_name"))
    found = it.client("apigatewayv2").get_stage(ApiId=it["api_id"], StageName=it["name"])
    it.found_in(found)
    it.found(api_id=it["api_id"], name=found["StageName"])
    region = it.client("apigatewayv2").meta.region_name
    it.made(id=it["name"], invoke_url=f"https://{it['api_id']}.execute-api.{region}.amazonaws.com/")


@makes("aws_lambda_invocation", "terraform_data", order=90)
def not_made(it: Making):
    it.left("happens when it is applied", *it.arguments)
