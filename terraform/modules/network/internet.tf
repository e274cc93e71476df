# The way out, for functions that call somebody in the internet. A NAT gateway costs about 33 dollars a month and what passes it
# besides. One serves all zones, so the loss of its zone stops quotes, which are polled again afterwards, while brokers, mappings
# and ingest do without it. Whoever cannot miss a quote takes one a zone.

locals {
  nat_zones = var.needs_internet ? (var.nat_gateway_per_zone ? local.zones : slice(local.zones, 0, 1)) : []
}

resource "aws_internet_gateway" "this" {
  count = var.needs_internet ? 1 : 0

  vpc_id = aws_vpc.this.id
  tags   = merge(local.tags, { Name = var.prefix })
}

# Only NAT gateways lie here.
resource "aws_subnet" "public" {
  for_each = toset(local.nat_zones)

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = local.public_cidrs[each.key]
  map_public_ip_on_launch = false

  tags = merge(local.tags, { Name = "${var.prefix}-public-${each.key}" })
}

resource "aws_route_table" "public" {
  count = var.needs_internet ? 1 : 0

  vpc_id = aws_vpc.this.id
  tags   = merge(local.tags, { Name = "${var.prefix}-public" })
}

resource "aws_route" "public" {
  count = var.needs_internet ? 1 : 0

  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  subnet_id      = each.value.id
  route_table_id = aws_route_table.public[0].id
}

resource "aws_eip" "nat" {
  for_each = toset(local.nat_zones)

  domain = "vpc"
  tags   = merge(local.tags, { Name = "${var.prefix}-nat-${each.key}" })
}

resource "aws_nat_gateway" "this" {
  for_each = aws_subnet.public

  subnet_id     = each.value.id
  allocation_id = aws_eip.nat[each.key].id
  tags          = merge(local.tags, { Name = "${var.prefix}-${each.key}" })

  # It has no way out before the internet gateway is attached.
  depends_on = [aws_internet_gateway.this]
}

resource "aws_route" "private" {
  for_each = var.needs_internet ? local.private_cidrs : {}

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat_gateway_per_zone ? each.key : local.zones[0]].id
}
