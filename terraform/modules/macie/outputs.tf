output "job_id" {
  description = "Id of the classification job, to look its runs up by."
  value       = aws_macie2_classification_job.this.id
}
