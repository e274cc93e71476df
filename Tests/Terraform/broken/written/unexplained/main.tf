# Rejected: main.tf:3: CKV_AWS_27 is suppressed without a reason
resource "aws_sqs_queue" "this" {
  #checkov:skip=CKV_AWS_27:not needed
  name = "failures"
}
