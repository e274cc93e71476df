# Rejected: aws_iam_role_policy.this.policy: no JSON
resource "aws_iam_role_policy" "this" {
  name   = "records"
  role   = "job"
  policy = "{\"Version\": \"2012-10-17\", \"Statement\": [}"
}
