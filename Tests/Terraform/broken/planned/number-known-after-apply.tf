# Rejected: Invalid for_each argument.*cannot be determined until apply
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  for_each = toset([aws_vpc.this.id])

  vpc_id     = each.key
  cidr_block = "10.0.0.0/24"
}
