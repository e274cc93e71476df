"""How log groups, queues, topics, alarms, the dashboard and Macie's job of a plan are made in moto."""

import json

from terraform_resources import Making, makes

# Terraform's names of a queue's attributes, and SQS's.
QUEUE = {
    "message_retention_seconds": "MessageRetentionPeriod", "visibility_timeout_seconds": "VisibilityTimeout",
    "kms_master_key_id": "KmsMasterKeyId", "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
    "sqs_managed_sse_enabled": "SqsManagedSseEnabled", "delay_seconds": "DelaySeconds", "policy": "Policy",
    "max_message_size": "MaximumMessageSize", "redrive_allow_policy": "RedriveAllowPolicy",
}  # fmt: skip


@makes("aws_cloudwatch_log_group", order=19)
def log_group(it: Making):
    logs, name = it.client("logs"), it["name"]
    it.call(
        "logs",
        "create_log_group",
        {
            "log_group_name": name,
            "kms_key_id": it.get("kms_key_id"),
            "tags": it.get("tags"),
            "log_group_class": it.get("log_group_class"),
        },
    )
    if it.get("retention_in_days"):
        logs.put_retention_policy(logGroupName=name, retentionInDays=it["retention_in_days"])
    (found,) = [one for one in logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] if one["logGroupName"] == name]
    arn = found["arn"].removesuffix(":*")
    it.found(
        name=found["logGroupName"], retention_in_days=found.get("retentionInDays"), kms_key_id=found.get("kmsKeyId"),
        tags=logs.list_tags_for_resource(resourceArn=arn)["tags"], log_group_class=found.get("logGroupClass"),
    )  # fmt: skip
    it.left("the provider's own", "skip_destroy")
    it.made(arn=arn, id=name, name=name)


@makes("aws_cloudwatch_log_resource_policy", order=20)
def log_policy(it: Making):
    logs = it.client("logs")
    logs.put_resource_policy(policyName=it["policy_name"], policyDocument=it["policy_document"])
    (found,) = [one for one in logs.describe_resource_policies()["resourcePolicies"] if one["policyName"] == it["policy_name"]]
    it.found(policy_name=found["policyName"], policy_document=found["policyDocument"])


@makes("aws_cloudwatch_log_metric_filter", order=21)
def metric_filter(it: Making):
    logs = it.client("logs")
    spelled = {"name": "metricName", "namespace": "metricNamespace", "value": "metricValue", "default_value": "defaultValue"}
    spelled |= {"dimensions": "dimensions", "unit": "unit"}
    sent = [{spelled[name]: value for name, value in block.items() if value} for block in it["metric_transformation"]]
    own = {"log_group_name": it["log_group_name"], "filter_name": it["name"], "filter_pattern": it["pattern"]}
    it.call("logs", "put_metric_filter", own | {"metric_transformations": sent})
    (found,) = logs.describe_metric_filters(logGroupName=it["log_group_name"], filterNamePrefix=it["name"])["metricFilters"]
    it.found(name=found["filterName"], pattern=found["filterPattern"], log_group_name=found["logGroupName"])
    it.kept("metric_transformation", sent, found["metricTransformations"])


@makes("aws_sqs_queue", order=18)
def queue(it: Making):
    sqs = it.client("sqs")
    attributes = {name: str(it[argument]) for argument, name in QUEUE.items() if it.get(argument) is not None}
    url = sqs.create_queue(QueueName=it["name"], Attributes=attributes, tags=it.get("tags", {}))["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    it.found(name=found["QueueArn"].split(":")[-1], tags=sqs.list_queue_tags(QueueUrl=url).get("Tags"))
    it.found(**{argument: found.get(name) for argument, name in QUEUE.items()})
    it.made(arn=found["QueueArn"], id=url, url=url)


@makes("aws_sqs_queue_policy", order=19)
def queue_policy(it: Making):
    sqs = it.client("sqs")
    sqs.set_queue_attributes(QueueUrl=it["queue_url"], Attributes={"Policy": it["policy"]})
    found = sqs.get_queue_attributes(QueueUrl=it["queue_url"], AttributeNames=["Policy", "QueueArn"])["Attributes"]
    it.found(queue_url=it["queue_url"], policy=found["Policy"])


@makes("aws_sns_topic", order=18)
def topic(it: Making):
    sns = it.client("sns")
    names = {
        "kms_master_key_id": "KmsMasterKeyId",
        "display_name": "DisplayName",
        "policy": "Policy",
        "signature_version": "SignatureVersion",
    }
    names |= {"tracing_config": "TracingConfig"}
    attributes = {name: str(it[argument]) for argument, name in names.items() if it.get(argument) is not None}
    tags = [{"Key": key, "Value": value} for key, value in it.get("tags", {}).items()]
    arn = sns.create_topic(Name=it["name"], Attributes=attributes, Tags=tags)["TopicArn"]
    found = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    it.found(name=found["TopicArn"].split(":")[-1], tags=sns.list_tags_for_resource(ResourceArn=arn)["Tags"])
    it.found(**{argument: found.get(name) for argument, name in names.items()})
    it.made(arn=arn, id=arn, name=it["name"])


@makes("aws_sns_topic_policy", order=19)
def topic_policy(it: Making):
    sns = it.client("sns")
    sns.set_topic_attributes(TopicArn=it["arn"], AttributeName="Policy", AttributeValue=it["policy"])
    found = sns.get_topic_attributes(TopicArn=it["arn"])["Attributes"]
    it.found(arn=found["TopicArn"], policy=found["Policy"])


@makes("aws_sns_topic_subscription", order=20)
def subscription(it: Making):
    sns = it.client("sns")
    arn = sns.subscribe(TopicArn=it["topic_arn"], Protocol=it["protocol"], Endpoint=it["endpoint"], ReturnSubscriptionArn=True)[
        "SubscriptionArn"
    ]
    found = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    it.found(topic_arn=found["TopicArn"], protocol=found["Protocol"], endpoint=found["Endpoint"])
    it.made(arn=arn, id=arn)


@makes("aws_cloudwatch_metric_alarm", order=47)
def alarm(it: Making):
    sent = it.given(metric_query="metrics", evaluate_low_sample_count_percentiles="EvaluateLowSampleCountPercentile")
    if it.get("metric_query"):
        sent["metrics"] = [_query(query) for query in it["metric_query"]]
    it.call("cloudwatch", "put_metric_alarm", sent)
    cloudwatch = it.client("cloudwatch")
    (found,) = cloudwatch.describe_alarms(AlarmNames=[it["alarm_name"]])["MetricAlarms"]
    it.found_in(found)
    it.found(tags=cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"])
    if it.get("metric_query"):
        it.kept("metric_query", sent["metrics"], found["Metrics"])
    # What becomes of a state must be a topic, which is there.
    for action in {*it.get("alarm_actions", []), *it.get("ok_actions", []), *it.get("insufficient_data_actions", [])}:
        assert action in {one.attributes["arn"] for one in it.world.of_type("aws_sns_topic")}, (
            f"{it.address}: no topic {action}"
        )
    it.made(arn=found["AlarmArn"], id=it["alarm_name"])


def _query(query: dict) -> dict:
    """One metric or expression of an alarm, in CloudWatch's spelling."""
    made = {
        name: query[name]
        for name in ("id", "expression", "label", "return_data", "period")
        if query.get(name) not in (None, "")
    }
    if query.get("metric"):
        (metric,) = query["metric"]
        what = {name: metric[name] for name in ("namespace", "metric_name", "dimensions") if metric.get(name)}
        made["metric_stat"] = {"metric": what, "period": metric["period"], "stat": metric["stat"]}
    return made


@makes("aws_cloudwatch_dashboard", order=60)
def dashboard(it: Making):
    cloudwatch = it.client("cloudwatch")
    faults = cloudwatch.put_dashboard(DashboardName=it["dashboard_name"], DashboardBody=it["dashboard_body"]).get(
        "DashboardValidationMessages"
    )
    assert not faults, faults
    found = cloudwatch.get_dashboard(DashboardName=it["dashboard_name"])
    it.found(dashboard_name=found["DashboardName"], dashboard_body=found["DashboardBody"])
    assert json.loads(found["DashboardBody"])["widgets"]
    it.made(id=it["dashboard_name"])


@makes("aws_cloudwatch_query_definition", order=60)
def query_definition(it: Making):
    it.world.request("logs", "PutQueryDefinition", it.given())
    it.left("moto has no saved queries: only the shape of the request is checked", *it.arguments)
    it.made(id=it["name"])


@makes("aws_macie2_account", order=60)
def macie_account(it: Making):
    macie = it.client("macie2")
    it.call("macie2", "enable_macie", {name: it.get(name) for name in ("finding_publishing_frequency", "status")})
    found = macie.get_macie_session()
    it.found(status=found["status"], finding_publishing_frequency=found["findingPublishingFrequency"])
    it.made(id="123456789012")


@makes("aws_cloudwatch_event_rule", order=61)
def event_rule(it: Making):
    events = it.client("events")
    it.call(
        "events",
        "put_rule",
        {
            name: value
            for name, value in it.arguments.items()
            if name in ("name", "description", "event_pattern", "state", "schedule_expression")
        },
    )
    found = events.describe_rule(Name=it["name"])
    it.found(
        name=found["Name"], description=found.get("Description"), event_pattern=found.get("EventPattern"), state=found["State"]
    )
    if it.get("tags"):
        events.tag_resource(ResourceARN=found["Arn"], Tags=[{"Key": key, "Value": value} for key, value in it["tags"].items()])
        it.found(tags=events.list_tags_for_resource(ResourceARN=found["Arn"])["Tags"])
    it.made(arn=found["Arn"], id=it["name"], name=it["name"])


@makes("aws_cloudwatch_event_target", order=62)
def event_target(it: Making):
    events, id = it.client("events"), it.get("target_id", "target")
    transformer = it.block("input_transformer")
    sent = {"Id": id, "Arn": it["arn"]}
    if transformer:
        sent["InputTransformer"] = {
            "InputPathsMap": transformer.get("input_paths") or {},
            "InputTemplate": transformer["input_template"],
        }
    events.put_targets(Rule=it["rule"], Targets=[sent])
    (found,) = [one for one in events.list_targets_by_rule(Rule=it["rule"])["Targets"] if one["Id"] == id]
    it.found(rule=it["rule"], arn=found["Arn"], target_id=found["Id"])
    it.kept("input_transformer", sent.get("InputTransformer"), found.get("InputTransformer"))


@makes("aws_macie2_classification_job", "aws_macie2_classification_export_configuration", order=63)
def macie_job(it: Making):
    """Moto knows no jobs of Macie's: the request is what botocore's model of the service takes."""
    if it.type.endswith("job"):
        block = it.block("s3_job_definition")
        definitions = [
            {"accountId": one["account_id"], "buckets": one["buckets"]} for one in block.get("bucket_definitions") or []
        ]
        request = {
            "clientToken": "token",
            "name": it["name"],
            "jobType": it["job_type"],
            "s3JobDefinition": {"bucketDefinitions": definitions},
        }
        it.world.request("macie2", "CreateClassificationJob", request)
    it.left("moto has no jobs of Macie: only the shape of the request is checked", *it.arguments)
