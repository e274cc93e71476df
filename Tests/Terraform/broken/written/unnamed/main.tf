# Rejected: main.tf:3: a suppression names one check
resource "aws_sqs_queue" "this" {
  #checkov:skip=everything: it is only a queue, and nothing of it matters to anybody
  name              = "failures"
  kms_master_key_id = "alias/operations"
}
