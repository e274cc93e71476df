"""How the network of a plan is made in moto's EC2."""

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
    id = it.call("ec2", "create_vpc", {"cidr_block": it["cidr_block"], "instance_tenancy": it.get("instance_tenancy")})["Vpc"][
        "VpcId"
    ]
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
    it.made(
        id=id, arn=_arn("vpc", id), default_security_group_id=group, default_route_table_id=table, default_network_acl_id=access
    )


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
    it.found(policy=found.get("PolicyDocument"), security_group_ids=[group["GroupId"] for group in found["Groups"]])
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
    assert not it.get("ingress") and not it.get("egress"), f"{it.address}: rules are resources of their own"
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
