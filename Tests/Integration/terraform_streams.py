"""How streams of Kinesis and clusters of MSK of a plan are made in moto."""

import json

from terraform_resources import Making, makes


@makes("aws_kinesis_stream", order=27)
def kinesis_stream(it: Making):
    kinesis, name = it.client("kinesis"), it["name"]
    mode = it.block("stream_mode_details")
    it.call(
        "kinesis", "create_stream", {"stream_name": name, "shard_count": it.get("shard_count"), "stream_mode_details": mode}
    )
    kinesis.add_tags_to_stream(StreamName=name, Tags=it.get("tags"))
    if it.get("retention_period", 24) > 24:
        kinesis.increase_stream_retention_period(StreamName=name, RetentionPeriodHours=it["retention_period"])
    if it.get("encryption_type"):
        kinesis.start_stream_encryption(StreamName=name, EncryptionType=it["encryption_type"], KeyId=it["kms_key_id"])
    if it.get("shard_level_metrics"):
        kinesis.enable_enhanced_monitoring(StreamName=name, ShardLevelMetrics=it["shard_level_metrics"])
    found = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    whole = kinesis.describe_stream(StreamName=name)["StreamDescription"]
    it.found(
        name=found["StreamName"],
        retention_period=found["RetentionPeriodHours"],
        stream_mode_details=found["StreamModeDetails"],
        encryption_type=whole["EncryptionType"],
        kms_key_id=whole.get("KeyId"),
        tags=kinesis.list_tags_for_stream(StreamName=name)["Tags"],
        shard_level_metrics=whole["EnhancedMonitoring"][0]["ShardLevelMetrics"],
    )
    it.found(shard_count=len(whole["Shards"]) if it.get("shard_count") else None)
    it.left("said when a stream is deleted", "enforce_consumer_deletion")
    it.made(arn=found["StreamARN"], id=found["StreamARN"])


@makes("aws_msk_configuration", order=27)
def kafka_configuration(it: Making):
    request = {"Name": it["name"], "ServerProperties": it["server_properties"].encode()}
    it.world.request("kafka", "CreateConfiguration", request)
    it.left("moto has no configurations of MSK: only the shape of the request is checked", *it.arguments)
    it.made(arn=f"arn:aws:kafka:eu-west-1:123456789012:configuration/{it['name']}/made-up-1", latest_revision="1")


@makes("aws_msk_cluster", order=28)
def kafka_cluster(it: Making):
    kafka = it.client("kafka")
    sent = it.given()
    sent["broker_node_group_info"] = _broker_nodes(it.block("broker_node_group_info"))
    sent["encryption_info"] = _kafka_encryption(it.block("encryption_info"))
    sent["client_authentication"] = _kafka_clients(it.block("client_authentication"))
    sent["logging_info"] = _kafka_logs(it.block("logging_info"))
    if it.get("configuration_info"):
        sent["configuration_info"] = {
            "arn": it.block("configuration_info")["arn"],
            "revision": int(it.block("configuration_info").get("revision") or 1),
        }
    if it.get("open_monitoring"):
        prometheus = it.block("open_monitoring")["prometheus"][0]
        sent["open_monitoring"] = {"Prometheus": {name: block[0] for name, block in prometheus.items() if block}}
    arn = it.call("kafka", "create_cluster", sent)["ClusterArn"]
    found = kafka.describe_cluster(ClusterArn=arn)["ClusterInfo"]
    for name in ("broker_node_group_info", "encryption_info", "client_authentication", "logging_info", "open_monitoring"):
        if it.get(name):
            it.kept(name, sent[name], found[name.title().replace("_", "")])
    if it.get("configuration_info"):
        software = found["CurrentBrokerSoftwareInfo"]
        it.kept(
            "configuration_info",
            sent["configuration_info"],
            {"arn": software["ConfigurationArn"], "revision": software["ConfigurationRevision"]},
        )
    it.found(
        cluster_name=found["ClusterName"],
        kafka_version=found["CurrentBrokerSoftwareInfo"]["KafkaVersion"],
        tags=found["Tags"],
        number_of_broker_nodes=found["NumberOfBrokerNodes"],
        enhanced_monitoring=found["EnhancedMonitoring"],
        storage_mode=found.get("StorageMode"),
    )
    servers = ",".join(f"b-{number}.{it['cluster_name']}.abc123.c2.kafka.eu-west-1.amazonaws.com:9098" for number in (1, 2, 3))
    # Moto leaves the name out of a cluster's ARN, which AWS puts before the id.
    arn = arn.replace(":cluster/", f":cluster/{it['cluster_name']}/") if f"/{it['cluster_name']}/" not in arn else arn
    it.made(arn=arn, id=arn, bootstrap_brokers_sasl_iam=servers, cluster_uuid=arn.split("/")[-1])


def _some(**values) -> dict:
    return {name: value for name, value in values.items() if value not in (None, [], {}, "")}


def _broker_nodes(block: dict) -> dict:
    storage = (block.get("storage_info") or [{}])[0]
    ebs = (storage.get("ebs_storage_info") or [{}])[0]
    throughput = (ebs.get("provisioned_throughput") or [None])[0]
    connectivity = (block.get("connectivity_info") or [{}])[0]
    public = (connectivity.get("public_access") or [None])[0]
    return _some(
        client_subnets=block["client_subnets"],
        instance_type=block["instance_type"],
        security_groups=block.get("security_groups"),
        broker_az_distribution=block.get("az_distribution"),
        storage_info=_some(ebs_storage_info=_some(volume_size=ebs.get("volume_size"), provisioned_throughput=throughput)),
        connectivity_info=_some(public_access=public),
    )


def _kafka_encryption(block: dict) -> dict:
    transit = (block.get("encryption_in_transit") or [None])[0]
    key = block.get("encryption_at_rest_kms_key_arn")
    return _some(encryption_at_rest=_some(DataVolumeKMSKeyId=key), encryption_in_transit=transit)


def _kafka_clients(block: dict) -> dict:
    sasl = {name: {"enabled": value} for name, value in ((block.get("sasl") or [{}])[0]).items() if value is not None}
    more = {"unauthenticated": {"enabled": block["unauthenticated"]}} if block.get("unauthenticated") is not None else {}
    return _some(sasl=sasl) | more


def _kafka_logs(block: dict) -> dict:
    if not block:
        return {}
    brokers = block["broker_logs"][0]
    return {"broker_logs": {name: _some(**logs[0]) | {"enabled": logs[0]["enabled"]} for name, logs in brokers.items() if logs}}


@makes("aws_msk_serverless_cluster", order=28)
def serverless_cluster(it: Making):
    kafka = it.client("kafka")
    iam = it.block("client_authentication")["sasl"][0]["iam"][0]["enabled"]
    configs = [{"SubnetIds": one["subnet_ids"], "SecurityGroupIds": one["security_group_ids"]} for one in it["vpc_config"]]
    serverless = {"VpcConfigs": configs, "ClientAuthentication": {"Sasl": {"Iam": {"Enabled": iam}}}}
    made = kafka.create_cluster_v2(ClusterName=it["cluster_name"], Serverless=serverless, Tags=it.get("tags", {}))
    found = kafka.describe_cluster_v2(ClusterArn=made["ClusterArn"])["ClusterInfo"]
    it.found(cluster_name=found["ClusterName"], tags=found["Tags"])
    it.kept("vpc_config", configs, found["Serverless"]["VpcConfigs"])
    it.kept("client_authentication", serverless["ClientAuthentication"], found["Serverless"]["ClientAuthentication"])
    arn = made["ClusterArn"].replace(":serverless-cluster/", f":cluster/{it['cluster_name']}/")
    it.made(
        arn=arn,
        id=arn,
        bootstrap_brokers_sasl_iam="boot-abc123.c1.kafka-serverless.eu-west-1.amazonaws.com:9098",
        cluster_uuid=arn.split("/")[-1],
    )


@makes("aws_msk_cluster_policy", order=29)
def cluster_policy(it: Making):
    json.loads(it["policy"])
    it.world.request("kafka", "PutClusterPolicy", {"ClusterArn": it["cluster_arn"], "Policy": it["policy"]})
    it.left("moto keeps policies under ARNs of its own form", *it.arguments)


@makes("aws_appautoscaling_target", order=29)
def scaling_target(it: Making):
    scaling = it.client("application-autoscaling")
    it.call("application-autoscaling", "register_scalable_target", it.given())
    where = {"ServiceNamespace": it["service_namespace"], "ResourceIds": [it["resource_id"]]}
    (found,) = scaling.describe_scalable_targets(**where)["ScalableTargets"]
    it.found_in(found)
    it.left("moto keeps no tags of scalable targets", "tags")
    it.made(id=it["resource_id"], arn=found.get("ScalableTargetARN", ""))


@makes("aws_appautoscaling_policy", order=30)
def scaling_policy(it: Making):
    scaling = it.client("application-autoscaling")
    it.call("application-autoscaling", "put_scaling_policy", it.given(name="policy_name"))
    (found,) = scaling.describe_scaling_policies(ServiceNamespace=it["service_namespace"], ResourceId=it["resource_id"])[
        "ScalingPolicies"
    ]
    it.found_in(found)
    it.found(name=found["PolicyName"])
    it.made(id=it["name"], arn=found["PolicyARN"])
