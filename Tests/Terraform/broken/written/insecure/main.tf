# Rejected: aws_sqs_queue.this: CKV_AWS_27: 
resource "aws_sqs_queue" "this" {
  name = "failures"
}
