# Rejected: Unsupported argument.*Did you mean "region"
provider "aws" {
  alias  = "other"
  regoin = "eu-central-1"
}

resource "aws_iam_role_policy_attachment" "this" {
  provider   = aws.other
  role       = "job"
  policy_arn = "arn:aws:iam::123456789012:policy/records"
}
