# Rejected: aws_iam_policy.this.policy: \d+ characters, AWS allows 6144
resource "aws_iam_policy" "this" {
  name = "records"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "kinesis:GetRecords"
      Resource = [for number in range(120) : "arn:aws:kinesis:eu-west-1:123456789012:stream/stream-${number}"]
    }]
  })
}
