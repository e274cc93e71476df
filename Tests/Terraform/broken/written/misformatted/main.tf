# Rejected: not as terraform fmt writes it: .*main.tf
resource "aws_sqs_queue" "this" {
    name = "four spaces where two stand"
    kms_master_key_id = "alias/operations"
}
