# Rejected: statement Records: has no Resource
resource "aws_iam_role_policy" "this" {
  name = "records"
  role = "job"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Records", Effect = "Allow", Action = "kinesis:GetRecords" }]
  })
}
