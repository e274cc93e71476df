"""AWS's own metrics in alarms and dashboards: that AWS writes one of this name, with these dimensions, for what the plan makes.

For the runner: `aws_metrics.faults(plan)` of every plan of the main root.
"""

from planned import Plan

from .emitted import NAMESPACE
from .uses import Use, uses

_FUNCTION, _STREAM, _QUEUE = ({("FunctionName",)}, {("StreamName",)}, {("QueueName",)})
_CLUSTER, _BROKER = {("Cluster Name",)}, {("Broker ID", "Cluster Name")}
_GROUP = {("Cluster Name", "Consumer Group", "Topic")}
# Brokers count a topic each for itself; MSK Serverless, which shows no brokers, counts it once.
_TOPIC = {("Broker ID", "Cluster Name", "Topic"), ("Cluster Name", "Topic")}

# By namespace and metric: the sets of dimensions, in order, under which AWS's user guides say that it is written. A metric that
# is not here is looked up there before it is used.
DOCUMENTED: dict[str, dict[str, set[tuple[str, ...]]]] = {
    "AWS/Lambda": {
        name: _FUNCTION
        for name in (
            "AsyncEventAge", "AsyncEventsDropped", "ConcurrentExecutions", "DeadLetterErrors", "DestinationDeliveryFailures",
            "Duration", "Errors", "Invocations", "IteratorAge", "OffsetLag", "Throttles",
        )
    },
    "AWS/Kinesis": {
        name: _STREAM
        for name in (
            "GetRecords.Bytes", "GetRecords.IteratorAgeMilliseconds", "IncomingBytes", "IncomingRecords", "PutRecords.Latency",
            "ReadProvisionedThroughputExceeded", "WriteProvisionedThroughputExceeded",
        )
    },
    "AWS/Kafka": {
        "ActiveControllerCount": _CLUSTER,
        "OfflinePartitionsCount": _CLUSTER,
        "CpuUser": _BROKER,
        "KafkaDataLogsDiskUsed": _BROKER,
        "MemoryUsed": _BROKER,
        "TrafficShaping": _BROKER,
        "UnderReplicatedPartitions": _BROKER,
        "BytesInPerSec": _TOPIC,
        "MessagesInPerSec": _BROKER | _TOPIC,
        "EstimatedMaxTimeLag": _GROUP,
        "SumOffsetLag": _GROUP,
    },
    "AWS/SQS": {name: _QUEUE for name in ("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible")},
    "AWS/SNS": {name: {("TopicName",)} for name in ("NumberOfMessagesPublished", "NumberOfNotificationsFailed")},
    "AWS/S3": {name: {("BucketName", "StorageType")} for name in ("BucketSizeBytes", "NumberOfObjects")},
    "AWS/Events": {name: {("RuleName",)} for name in ("FailedInvocations", "Invocations")},
    # HTTP APIs spell these so; REST APIs write 5XXError.
    "AWS/ApiGateway": {name: {("ApiId",), ("ApiId", "Stage")} for name in ("4xx", "5xx", "Count", "Latency")},
}
# Values that S3 writes for a dimension of its own.
STORAGE_TYPES = {"BucketSizeBytes": {"StandardStorage"}, "NumberOfObjects": {"AllStorageTypes"}}
# Dimensions whose values are names of what the plan makes.
NAMED = {
    "FunctionName": ("aws_lambda_function", "function_name"),
    "StreamName": ("aws_kinesis_stream", "name"),
    "QueueName": ("aws_sqs_queue", "name"),
    "BucketName": ("aws_s3_bucket", "bucket"),
    "TopicName": ("aws_sns_topic", "name"),
    "RuleName": ("aws_cloudwatch_event_rule", "name"),
}


def faults(plan: Plan) -> list[str]:
    """Metrics that AWS does not write: an alarm on one never rings."""
    names = {key: {resource[attribute] for resource in plan.of_type(kind)} for key, (kind, attribute) in NAMED.items()}
    # Streams of somebody else's are read, and not made.
    mappings = plan.of_type("aws_lambda_event_source_mapping")
    names["StreamName"] |= {(mapping["event_source_arn"] or "").rpartition("/")[2] for mapping in mappings}
    found = []
    for use in uses(plan):
        if use.namespace != NAMESPACE:
            found += [f"{use.where}: {fault}" for fault in _faults(use, names)]
    return list(dict.fromkeys(found))


def _faults(use: Use, names: dict[str, set]) -> list[str]:
    if use.namespace not in DOCUMENTED:
        return [f"no namespace that this check knows: {use.namespace}"]
    ways = DOCUMENTED[use.namespace].get(use.name)
    if ways is None:
        return [f"{use.namespace} has no metric {use.name} that this check knows"]
    if use.dimensions is None:
        return []
    given = set(use.dimensions)
    if not any(given <= set(way) if use.is_partial else given == set(way) for way in ways):
        known = " or ".join(sorted(" and ".join(way) for way in ways))
        return [f"{use.namespace} writes {use.name} by {known}, not by {' and '.join(sorted(given)) or 'no dimension'}"]
    found = [
        f"{use.namespace} {use.name} by {key} {value}: the plan has none of this name"
        for key, value in use.dimensions.items()
        if key in names and value is not None and value not in names[key]
    ]
    storage = use.dimensions.get("StorageType")
    if storage is not None and storage not in STORAGE_TYPES.get(use.name, {storage}):
        found.append(f"{use.namespace} writes no {use.name} of {storage}")
    return found
