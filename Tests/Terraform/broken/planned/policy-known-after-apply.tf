# Rejected: aws_iam_role_policy.this.policy: known only after apply
resource "aws_kinesis_stream" "this" {
  name        = "readings"
  shard_count = 1
}

resource "aws_iam_role_policy" "this" {
  name = "records"
  role = "job"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kinesis:GetRecords", Resource = aws_kinesis_stream.this.arn }]
  })
}
