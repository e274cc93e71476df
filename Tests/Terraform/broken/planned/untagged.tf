# Rejected: aws_kinesis_stream.this: no tag layer, classification
provider "aws" {
  alias = "plain"
}

resource "aws_kinesis_stream" "this" {
  provider    = aws.plain
  name        = "readings"
  shard_count = 1
  tags        = { owner = "data", environment = "test" }
}
