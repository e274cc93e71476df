# Rejected: Inappropriate value for attribute "tags": .*string required
resource "aws_kinesis_stream" "this" {
  name        = "readings"
  shard_count = 1
  tags        = { names = ["one", "two"] }
}
