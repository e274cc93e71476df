# Ways to AWS's services that do not lead through the internet. Each lets through what it is there for, and no more: even with
# stolen credentials nobody takes data out through them.

# Without charge. Functions read lake.json here when they start; whatever else lies in S3 is out of reach of this network.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for table in aws_route_table.private : table.id]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ReadDefinitions"
      Effect    = "Allow"
      Principal = "*"
      Action    = ["s3:GetObject"]
      Resource  = var.s3_objects
    }]
  })

  tags = merge(local.tags, { Name = "${var.prefix}-s3" })
}

# About 8 dollars a month for each and zone.
resource "aws_vpc_endpoint" "interface" {
  for_each = var.endpoints

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true

  # The pollers of mappings come as the service lambda.amazonaws.com or as the function's role; so what is called, and on what,
  # is named here rather than who calls. IAM asks for the caller as well: an endpoint's policy gives nobody a permission.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge(
      {
        Sid       = "OnlyTheLake"
        Effect    = "Allow"
        Principal = "*"
        Action    = each.value.actions
        Resource  = each.value.resources
      },
      length(each.value.roles) == 0 ? {} : { Condition = { ArnEquals = { "aws:PrincipalArn" = each.value.roles } } },
    )]
  })

  tags = merge(local.tags, { Name = "${var.prefix}-${each.key}" })
}
