# A VPC for brokers and the functions that speak to them: three private subnets, each in a zone of its own, because every topic
# lies on three brokers and outlives the loss of a zone.

# The first three of four that have names like the region's: later zones change nothing. Not filtered by state: were a zone
# impaired for an hour, the next plan would move the subnets, and with them the cluster. `zones` names them once and for all.
data "aws_availability_zones" "region" {
  filter {
    name   = "zone-name"
    values = coalesce(var.zones, [for letter in ["a", "b", "c", "d"] : "${var.region}${letter}"])
  }
  # Zones that an account must opt in to have no brokers.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= 3
      error_message = "network.zones: of these zones the account has only ${join(", ", self.names)} in ${var.region}. Name three that it has."
    }
  }
}

locals {
  tags  = merge(var.tags, { layer = "network", classification = "internal" })
  zones = slice(coalesce(var.zones, data.aws_availability_zones.region.names), 0, 3)

  # Quarters 0 to 2 of the range are private; of the last quarter's four parts, the first three are public.
  private_cidrs = { for index, zone in local.zones : zone => cidrsubnet(var.cidr, 2, index) }
  public_cidrs  = { for index, zone in local.zones : zone => cidrsubnet(var.cidr, 4, 12 + index) }
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
  # Private DNS, of endpoints and of brokers, needs both.
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = merge(local.tags, { Name = var.prefix })
}

# Whatever names no security group gets this one, which lets nothing through.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
  tags   = merge(local.tags, { Name = "${var.prefix}-closed" })
}

resource "aws_subnet" "private" {
  for_each = local.private_cidrs

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = merge(local.tags, { Name = "${var.prefix}-private-${each.key}" })

  timeouts {
    delete = local.interfaces_gone
  }
}

# One a zone, so that each may lead to a NAT gateway of its own.
resource "aws_route_table" "private" {
  for_each = aws_subnet.private

  vpc_id = aws_vpc.this.id
  tags   = merge(local.tags, { Name = "${var.prefix}-private-${each.key}" })
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}
