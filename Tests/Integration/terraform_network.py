"""How the network of a plan is made in moto's EC2."""

import json

from terraform_resources import Making, makes


# What a rule of a security group may point at.
ENDS = ("IpRanges", "PrefixListIds", "UserIdGroupPairs")


def _tag(it: Making, id: str):
    """Tags are put on by a call of their own, and read back with the rest."""
    if it.get("tags"):
        it.client("ec2").create_tags(Resources=[id], Tags=[{"Key": key, "Value": value} for key, value in it["tags"].items()])


def _arn(kind: str, id: str) -> str:
    return f"arn:aws:ec2:eu-west-1:123456789012:{kind}/{id}"


@makes("aws_vpc", order=20)
def vpc(it: Making):
    ec2 = it.client("ec2")
    id = it.call("ec2", "create_vpc", {"cidr_block": it["cidr_block"], "instance_tenancy": it.get("instance_tenancy")})["Vpc"]["VpcId"]
    _tag(it, id)
    names = {"enable_dns_support": "EnableDnsSupport", "enable_dns_hostnames": "EnableDnsHostnames"}
    for argument, name in names.items():
        if it.get(argument) is not None:
            ec2.modify_vpc_attribute(VpcId=id, **{name: {"Value": it[argument]}})
        found = ec2.describe_vpc_attribute(VpcId=id, Attribute=name[0].lower() + name[1:])[name]["Value"]
        it.found(**{argument: found})
    (found,) = ec2.describe_vpcs(VpcIds=[id])["Vpcs"]
    it.found(cidr_block=found["CidrBlock"], tags=found["Tags"], instance_tenancy=found["InstanceTenancy"])
    group, table, access = _defaults(ec2, id)
    it.made(id=id, arn=_arn("vpc", id), default_security_group_id=group, default_route_table_id=table, default_network_acl_id=access)


def _defaults(ec2, id: str) -> tuple[str, str, str]:
    """What AWS makes with a VPC: its security group, route table and access list."""
    inside = [{"Name": "vpc-id", "Values": [id]}]
    (group,) = ec2.describe_security_groups(Filters=[*inside, {"Name": "group-name", "Values": ["default"]}])["SecurityGroups"]
    (table,) = ec2.describe_route_tables(Filters=inside)["RouteTables"]
    (access,) = ec2.describe_network_acls(Filters=inside)["NetworkAcls"]
    return group["GroupId"], table["RouteTableId"], access["NetworkAclId"]


@makes("aws_default_security_group", order=22)
def default_group(it: Making):
    """Takes away every rule of the group that AWS makes with a VPC."""
    assert not it.get("ingress") and not it.get("egress"), f"{it.address} is expected to have no rules"
    ec2 = it.client("ec2")
    id, _, _ = _defaults(ec2, it["vpc_id"])
    (group,) = ec2.describe_security_groups(GroupIds=[id])["SecurityGroups"]
    if group["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=id, IpPermissions=group["IpPermissions"])
    if group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=id, IpPermissions=group["IpPermissionsEgress"])
    _tag(it, id)
    (found,) = ec2.describe_security_groups(GroupIds=[id])["SecurityGroups"]
    assert not found["IpPermissions"] and not found["IpPermissionsEgress"], found
    it.found(vpc_id=found["VpcId"], tags=found["Tags"])
    it.made(id=id, arn=_arn("security-group", id))


@makes("aws_subnet", order=21)
def subnet(it: Making):
    ec2 = it.client("ec2")
    sent = {name: it.get(name) for name in ("vpc_id", "availability_zone", "cidr_block")}
    id = it.call("ec2", "create_subnet", sent)["Subnet"]["SubnetId"]
    _tag(it, id)
    (found,) = ec2.describe_subnets(SubnetIds=[id])["Subnets"]
    it.found_in(found)
    it.made(id=id, arn=_arn("subnet", id))


@makes("aws_internet_gateway", order=22)
def internet_gateway(it: Making):
    ec2 = it.client("ec2")
    id = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=id, VpcId=it["vpc_id"])
    _tag(it, id)
    (found,) = ec2.describe_internet_gateways(InternetGatewayIds=[id])["InternetGateways"]
    it.found(vpc_id=found["Attachments"][0]["VpcId"], tags=found["Tags"])
    it.made(id=id, arn=_arn("internet-gateway", id))


@makes("aws_eip", order=22)
def address(it: Making):
    ec2 = it.client("ec2")
    id = ec2.allocate_address(Domain=it["domain"])["AllocationId"]
    _tag(it, id)
    (found,) = ec2.describe_addresses(AllocationIds=[id])["Addresses"]
    it.found(domain=found["Domain"], tags=found["Tags"])
    it.made(id=id, allocation_id=id, public_ip=found["PublicIp"], arn=_arn("elastic-ip", id))


@makes("aws_nat_gateway", order=23)
def nat_gateway(it: Making):
    ec2 = it.client("ec2")
    id = ec2.create_nat_gateway(SubnetId=it["subnet_id"], AllocationId=it["allocation_id"])["NatGateway"]["NatGatewayId"]
    _tag(it, id)
    (found,) = ec2.describe_nat_gateways(NatGatewayIds=[id])["NatGateways"]
    it.found_in(found)
    it.found(allocation_id=found["NatGatewayAddresses"][0]["AllocationId"])
    it.made(id=id)


@makes("aws_route_table", order=22)
def route_table(it: Making):
    ec2 = it.client("ec2")
    id = ec2.create_route_table(VpcId=it["vpc_id"])["RouteTable"]["RouteTableId"]
    _tag(it, id)
    (found,) = ec2.describe_route_tables(RouteTableIds=[id])["RouteTables"]
    it.found_in(found)
    it.made(id=id, arn=_arn("route-table", id))


@makes("aws_route", order=24)
def route(it: Making):
    ec2 = it.client("ec2")
    it.call("ec2", "create_route", it.given())
    (table,) = ec2.describe_route_tables(RouteTableIds=[it["route_table_id"]])["RouteTables"]
    (found,) = [one for one in table["Routes"] if one.get("DestinationCidrBlock") == it["destination_cidr_block"]]
    it.found_in(found)
    it.found(route_table_id=table["RouteTableId"])


@makes("aws_route_table_association", order=24)
def association(it: Making):
    ec2 = it.client("ec2")
    id = ec2.associate_route_table(RouteTableId=it["route_table_id"], SubnetId=it["subnet_id"])["AssociationId"]
    (table,) = ec2.describe_route_tables(RouteTableIds=[it["route_table_id"]])["RouteTables"]
    (found,) = [one for one in table["Associations"] if one["RouteTableAssociationId"] == id]
    it.found(route_table_id=found["RouteTableId"], subnet_id=found["SubnetId"])
    it.made(id=id)


@makes("aws_vpc_endpoint", order=25)
def endpoint(it: Making):
    ec2 = it.client("ec2")
    id = it.call("ec2", "create_vpc_endpoint", it.given("tags", policy="PolicyDocument"))["VpcEndpoint"]["VpcEndpointId"]
    _tag(it, id)
    (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[id])["VpcEndpoints"]
    it.found_in(found)
    it.found(policy=found.get("PolicyDocument"))
    if it.get("security_group_ids"):
        it.found(security_group_ids=[group["GroupId"] for group in found.get("Groups", [])] or it["security_group_ids"])
    services = ec2.describe_vpc_endpoint_services(ServiceNames=[it["service_name"]])["ServiceNames"]
    assert it["service_name"] in services, f"{it.address}: there is no service {it['service_name']}"
    lists = ec2.describe_managed_prefix_lists()["PrefixLists"]
    prefixes = [one["PrefixListId"] for one in lists if one["PrefixListName"] == it["service_name"]]
    it.made(id=id, arn=_arn("vpc-endpoint", id), **({"prefix_list_id": prefixes[0]} if prefixes else {}))


@makes("aws_security_group", order=22)
def security_group(it: Making):
    ec2 = it.client("ec2")
    id = ec2.create_security_group(GroupName=it["name"], Description=it["description"], VpcId=it["vpc_id"])["GroupId"]
    _tag(it, id)
    # The provider takes away the rule that AWS gives a new group, which lets everything out.
    (made,) = ec2.describe_security_groups(GroupIds=[id])["SecurityGroups"]
    ec2.revoke_security_group_egress(GroupId=id, IpPermissions=made["IpPermissionsEgress"])
    for direction, key in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
        assert not it.get(direction), f"{it.address}: rules are resources of their own"
    (found,) = ec2.describe_security_groups(GroupIds=[id])["SecurityGroups"]
    it.found(name=found["GroupName"], description=found["Description"], vpc_id=found["VpcId"], tags=found["Tags"])
    it.left("the provider's own", "revoke_rules_on_delete")
    it.made(id=id, arn=_arn("security-group", id))


@makes("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule", order=26)
def rule(it: Making):
    ec2, description = it.client("ec2"), {"Description": it["description"]} if it.get("description") else {}
    permission = {"IpProtocol": it["ip_protocol"]}
    permission |= {"FromPort": it["from_port"], "ToPort": it["to_port"]} if it.get("from_port") is not None else {}
    if it.get("cidr_ipv4"):
        permission["IpRanges"] = [{"CidrIp": it["cidr_ipv4"], **description}]
    if it.get("prefix_list_id"):
        permission["PrefixListIds"] = [{"PrefixListId": it["prefix_list_id"], **description}]
    if it.get("referenced_security_group_id"):
        permission["UserIdGroupPairs"] = [{"GroupId": it["referenced_security_group_id"], **description}]
    is_egress = it.type == "aws_vpc_security_group_egress_rule"
    authorize = ec2.authorize_security_group_egress if is_egress else ec2.authorize_security_group_ingress
    (made,) = authorize(GroupId=it["security_group_id"], IpPermissions=[permission])["SecurityGroupRules"]
    found = ec2.describe_security_group_rules(SecurityGroupRuleIds=[made["SecurityGroupRuleId"]])["SecurityGroupRules"][0]
    it.found(
        security_group_id=found["GroupId"], ip_protocol=found["IpProtocol"], from_port=found.get("FromPort"),
        to_port=found.get("ToPort"), cidr_ipv4=found.get("CidrIpv4"),
        prefix_list_id=found.get("PrefixListId"),
        referenced_security_group_id=found.get("ReferencedGroupInfo", {}).get("GroupId"),
    )  # fmt: skip
    assert found["IsEgress"] == is_egress
    (group,) = ec2.describe_security_groups(GroupIds=[it["security_group_id"]])["SecurityGroups"]
    permissions = group["IpPermissionsEgress" if is_egress else "IpPermissions"]
    described = [end.get("Description") for one in permissions for kind in ENDS for end in one.get(kind, [])]
    if it.get("prefix_list_id"):
        it.left("moto tells no description of a rule that names a prefix list", "description")
    else:
        it.found(description=next((text for text in described if text == it.get("description")), None))
    _tag(it, made["SecurityGroupRuleId"])
    tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [made["SecurityGroupRuleId"]]}])["Tags"]
    it.found(tags={tag["Key"]: tag["Value"] for tag in tags})
    it.made(id=made["SecurityGroupRuleId"])


@makes("aws_flow_log", order=34)
def flow_log(it: Making):
    ec2 = it.client("ec2")
    sent = it.given("tags", "vpc_id", iam_role_arn="DeliverLogsPermissionArn")
    (id,) = it.call("ec2", "create_flow_logs", sent, ResourceIds=[it["vpc_id"]], ResourceType="VPC")["FlowLogIds"]
    _tag(it, id)
    (found,) = ec2.describe_flow_logs(FlowLogIds=[id])["FlowLogs"]
    it.found_in(found)
    it.found(vpc_id=found["ResourceId"], iam_role_arn=found["DeliverLogsPermissionArn"])
    it.made(id=id, arn=_arn("vpc-flow-log", id))


@makes("aws_kinesis_stream", order=27)
def kinesis_stream(it: Making):
    kinesis, name = it.client("kinesis"), it["name"]
    mode = it.block("stream_mode_details")
    it.call("kinesis", "create_stream", {"stream_name": name, "shard_count": it.get("shard_count"), "stream_mode_details": mode})
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
        name=found["StreamName"], retention_period=found["RetentionPeriodHours"], stream_mode_details=found["StreamModeDetails"],
        encryption_type=whole["EncryptionType"], kms_key_id=whole.get("KeyId"), tags=kinesis.list_tags_for_stream(StreamName=name)["Tags"],
        shard_level_metrics=whole["EnhancedMonitoring"][0]["ShardLevelMetrics"],
    )  # fmt: skip
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
        sent["configuration_info"] = {"arn": it.block("configuration_info")["arn"], "revision": int(it.block("configuration_info").get("revision") or 1)}
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
        it.kept("configuration_info", sent["configuration_info"], {"arn": software["ConfigurationArn"], "revision": software["ConfigurationRevision"]})
    it.found(
        cluster_name=found["ClusterName"], kafka_version=found["CurrentBrokerSoftwareInfo"]["KafkaVersion"], tags=found["Tags"],
        number_of_broker_nodes=found["NumberOfBrokerNodes"], enhanced_monitoring=found["EnhancedMonitoring"], storage_mode=found.get("StorageMode"),
    )  # fmt: skip
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
        client_subnets=block["client_subnets"], instance_type=block["instance_type"], security_groups=block.get("security_groups"),
        broker_az_distribution=block.get("az_distribution"),
        storage_info=_some(ebs_storage_info=_some(volume_size=ebs.get("volume_size"), provisioned_throughput=throughput)),
        connectivity_info=_some(public_access=public),
    )  # fmt: skip


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
    it.made(arn=arn, id=arn, bootstrap_brokers_sasl_iam="boot-abc123.c1.kafka-serverless.eu-west-1.amazonaws.com:9098", cluster_uuid=arn.split("/")[-1])


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
    (found,) = scaling.describe_scaling_policies(ServiceNamespace=it["service_namespace"], ResourceId=it["resource_id"])["ScalingPolicies"]
    it.found_in(found)
    it.found(name=found["PolicyName"])
    it.made(id=it["name"], arn=found["PolicyARN"])
