output "name" {
  description = "Name of the queue, when it is there."
  value       = aws_sqs_queue.this.name
}
