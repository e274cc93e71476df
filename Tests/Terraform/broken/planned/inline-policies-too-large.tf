# Rejected: inline policies of role job: \d+ characters, AWS allows 10240
resource "aws_iam_role_policy" "this" {
  count = 2

  name = "records-${count.index}"
  role = "job"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "kinesis:GetRecords"
      Resource = [for number in range(100) : "arn:aws:kinesis:eu-west-1:123456789012:stream/stream-${number}"]
    }]
  })
}
