# The cluster's security group, and every rule between it and others. Mappings poll from network interfaces in the cluster's
# subnets which carry this same group: so it speaks to itself, and to the endpoints that on-demand pollers call.

locals {
  own             = contains(["provisioned", "serverless"], local.mode)
  clients         = local.own ? var.kafka.client_group_ids : {}
  calls_endpoints = local.own && try(var.kafka.calls_endpoints, false)
}

resource "aws_security_group" "cluster" {
  count = local.own ? 1 : 0

  name        = "${var.kafka.cluster_name}-kafka"
  description = "Kafka brokers, and mappings that poll them"
  vpc_id      = var.kafka.vpc_id
  tags        = merge(local.tags, { Name = "${var.kafka.cluster_name}-kafka" })

  timeouts {
    # Mappings give their network interfaces back some time after they are gone.
    delete = "60m"
  }
}

resource "aws_vpc_security_group_ingress_rule" "cluster_itself" {
  count = local.own ? 1 : 0

  security_group_id            = aws_security_group.cluster[0].id
  description                  = "Kafka with IAM from mappings"
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
  referenced_security_group_id = aws_security_group.cluster[0].id
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "cluster_itself" {
  count = local.own ? 1 : 0

  security_group_id            = aws_security_group.cluster[0].id
  description                  = "Kafka with IAM from mappings to brokers"
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
  referenced_security_group_id = aws_security_group.cluster[0].id
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "cluster_clients" {
  for_each = local.clients

  security_group_id            = aws_security_group.cluster[0].id
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
  referenced_security_group_id = aws_security_group.cluster[0].id
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "cluster_endpoints" {
  count = local.calls_endpoints ? 1 : 0

  security_group_id            = aws_security_group.cluster[0].id
  description                  = "HTTPS from mappings to endpoints of AWS services"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = var.kafka.endpoints_group_id
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_cluster" {
  count = local.calls_endpoints ? 1 : 0

  security_group_id            = var.kafka.endpoints_group_id
  description                  = "HTTPS from mappings"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.cluster[0].id
  tags                         = local.tags
}
