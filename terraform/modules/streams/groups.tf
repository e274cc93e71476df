# The cluster's security group, and every rule between it and others. Mappings poll from network interfaces in the cluster's
# subnets which carry this same group: so it speaks to itself, and to the endpoints that on-demand pollers call.

locals {
  own     = contains(["provisioned", "serverless"], local.mode) ? { this = var.kafka } : {}
  clients = length(local.own) == 0 ? {} : var.kafka.client_group_ids
  callers = length(local.own) == 1 && try(var.kafka.calls_endpoints, false) ? local.own : {}
}

resource "aws_security_group" "cluster" {
  for_each = local.own

  name        = "${each.value.cluster_name}-kafka"
  description = "Kafka brokers, and mappings that poll them"
  vpc_id      = each.value.vpc_id
  tags        = merge(local.tags, { Name = "${each.value.cluster_name}-kafka" })
}

resource "aws_vpc_security_group_ingress_rule" "cluster_itself" {
  for_each = local.own

  security_group_id            = aws_security_group.cluster[each.key].id
  description                  = "Kafka with IAM from mappings"
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
  referenced_security_group_id = aws_security_group.cluster[each.key].id
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "cluster_itself" {
  for_each = local.own

  security_group_id            = aws_security_group.cluster[each.key].id
  description                  = "Kafka with IAM from mappings to brokers"
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
  referenced_security_group_id = aws_security_group.cluster[each.key].id
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "cluster_clients" {
  for_each = local.clients

  security_group_id            = aws_security_group.cluster["this"].id
  description                  = "Kafka with IAM from ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
  referenced_security_group_id = each.value
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "clients_cluster" {
  for_each = local.clients

  security_group_id            = each.value
  description                  = "Kafka with IAM to brokers"
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
  referenced_security_group_id = aws_security_group.cluster["this"].id
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "cluster_endpoints" {
  for_each = local.callers

  security_group_id            = aws_security_group.cluster[each.key].id
  description                  = "HTTPS from mappings to endpoints of AWS services"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = each.value.endpoints_group_id
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_cluster" {
  for_each = local.callers

  security_group_id            = each.value.endpoints_group_id
  description                  = "HTTPS from mappings"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.cluster[each.key].id
  tags                         = local.tags
}
