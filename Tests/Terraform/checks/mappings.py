"""Mappings of streams and topics to functions: that no record passes which is neither in a table nor among the dead letters."""

from collections import Counter

from planned import Plan, Resource

# In seconds. Lambda knows ages of records up to a week; "just inside the retention" is an hour less than it.
HOUR, WEEK = 3600, 604_800
REPORT = ["ReportBatchItemFailures"]


def faults(plan: Plan) -> list[str]:
    """Faults of all mappings of a plan."""
    mappings = plan.of_type("aws_lambda_event_source_mapping")
    retention = {stream["name"]: stream["retention_period"] for stream in plan.of_type("aws_kinesis_stream")}
    found = []
    for mapping in mappings:
        if mapping["topics"]:
            of_source = _kafka_faults(mapping)
        elif ":kinesis:" in (mapping["event_source_arn"] or ""):
            of_source = _kinesis_faults(mapping, retention.get(mapping["event_source_arn"].rpartition("/")[2]))
        else:
            of_source = ["is of no source that this check knows: neither of a topic nor of a stream"]
        found += [f"{mapping.address}: {fault}" for fault in _common_faults(mapping) + of_source]
    pairs = Counter((*(mapping["topics"] or [mapping["event_source_arn"]]), mapping["function_name"]) for mapping in mappings)
    return found + [f"{' to '.join(map(str, pair))} is mapped {count} times" for pair, count in pairs.items() if count > 1]


def _common_faults(mapping: Resource) -> list[str]:
    found = []
    if mapping["starting_position"] != "TRIM_HORIZON":
        found.append(f"starts at {mapping['starting_position']}: what was written before it is there would be missed")
    if mapping["filter_criteria"]:
        found.append("has a filter: what it leaves out is in no table, and no dead letter either")
    if mapping["tumbling_window_in_seconds"]:
        found.append("has a tumbling window, whose state the functions do not keep")
    return found


def _kinesis_faults(mapping: Resource, retention_hours: int | None) -> list[str]:
    found = []
    if mapping["parallelization_factor"] != 1:
        found.append(f"parallelization_factor is {mapping['parallelization_factor']}, not 1: batches of a shard would overtake each other")
    if mapping["function_response_types"] != REPORT:
        found.append(f"function_response_types is not {REPORT}: one bad record would repeat its whole batch")
    if mapping["bisect_batch_on_function_error"] is not True:
        found.append("does not halve a batch that fails")
    if mapping["maximum_retry_attempts"] != -1:
        found.append(f"gives a batch up after {mapping['maximum_retry_attempts']} attempts, while the stream still has it")
    age = mapping["maximum_record_age_in_seconds"]
    if retention_hours is None:
        if age is None or not (age == -1 or HOUR <= age <= WEEK):
            found.append(f"gives records up at an age of {age} seconds")
    else:
        wanted = (retention_hours - 1) * HOUR
        wanted = wanted if wanted <= WEEK else -1
        if age != wanted:
            found.append(f"gives records up at an age of {age} seconds, not {wanted}, with a retention of {retention_hours} hours")
    target = _destination(mapping)
    if target is None or ":s3:::" not in target:
        found.append(f"what is given up goes to {target or 'nowhere'}, not to a bucket, which alone takes whole records")
    return found


def _kafka_faults(mapping: Resource) -> list[str]:
    found = []
    if len(mapping["topics"]) != 1:
        found.append(f"has {len(mapping['topics'])} topics; Lambda takes one")
    if mapping["destination_config"]:
        found.append("has a destination: Lambda then gives up after ten attempts, and the watermark passes what is in no table")
    for name in ("maximum_retry_attempts", "maximum_record_age_in_seconds"):
        if mapping[name] not in (None, -1):
            found.append(f"{name} is {mapping[name]}: records are given up, and the watermark passes them")
    for name in ("parallelization_factor", "bisect_batch_on_function_error"):
        if mapping[name] is not None:
            found.append(f"{name} is for streams of Kinesis and DynamoDB")
    groups = [block.get("consumer_group_id") for block in mapping["amazon_managed_kafka_event_source_config"] or []]
    if len(groups) != 1 or not groups[0]:
        found.append("names no consumer group: one made anew would begin anew")
    if mapping["provisioned_poller_config"] and mapping["function_response_types"] != REPORT:
        found.append(f"has provisioned pollers, and function_response_types is not {REPORT}")
    return found


def _destination(mapping: Resource) -> str | None:
    for block in mapping["destination_config"] or []:
        for target in block.get("on_failure") or []:
            return target.get("destination_arn")
    return None
