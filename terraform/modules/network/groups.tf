# Security groups of functions and endpoints. The module `streams` owns the cluster's group, and adds the rules between it and
# these: port 9098 from functions, and 443 to endpoints. Names are resolved by the VPC's own resolver, which no group filters.

locals {
  # Lambda gives network interfaces back up to 40 minutes after the last function that used them is gone.
  interfaces_gone = "60m"
}

resource "aws_security_group" "functions" {
  #checkov:skip=CKV2_AWS_5:Functions carry it, which lie in a module of their own.
  name        = "${var.prefix}-functions"
  description = "Functions that speak to brokers"
  vpc_id      = aws_vpc.this.id
  tags        = merge(local.tags, { Name = "${var.prefix}-functions" })

  timeouts {
    delete = local.interfaces_gone
  }
}

resource "aws_vpc_security_group_egress_rule" "functions_s3" {
  security_group_id = aws_security_group.functions.id
  description       = "HTTPS to S3, for lake.json"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  tags              = local.tags
}

resource "aws_vpc_security_group_egress_rule" "functions_endpoints" {
  security_group_id            = aws_security_group.functions.id
  description                  = "HTTPS to endpoints of AWS services"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.endpoints.id
  tags                         = local.tags
}

# Carried, beside the other one, only by functions that call the internet.
resource "aws_security_group" "internet" {
  #checkov:skip=CKV2_AWS_5:Functions carry it, which lie in a module of their own.
  count = var.needs_internet ? 1 : 0

  name        = "${var.prefix}-internet"
  description = "Functions that call the internet"
  vpc_id      = aws_vpc.this.id
  tags        = merge(local.tags, { Name = "${var.prefix}-internet" })

  timeouts {
    delete = local.interfaces_gone
  }
}

# Whom a function calls there has no fixed addresses. It comes in from nowhere.
resource "aws_vpc_security_group_egress_rule" "internet" {
  count = var.needs_internet ? 1 : 0

  security_group_id = aws_security_group.internet[0].id
  description       = "HTTPS to the internet"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
  tags              = local.tags
}

resource "aws_security_group" "endpoints" {
  name        = "${var.prefix}-endpoints"
  description = "Endpoints of AWS services"
  vpc_id      = aws_vpc.this.id
  tags        = merge(local.tags, { Name = "${var.prefix}-endpoints" })
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_functions" {
  security_group_id            = aws_security_group.endpoints.id
  description                  = "HTTPS from functions"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.functions.id
  tags                         = local.tags
}
