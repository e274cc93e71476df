output "names" {
  description = "Names of the buckets by what they are for. Who takes a name from here waits for the bucket with its settings, and for lake.json in it."
  value       = var.buckets

  depends_on = [
    aws_s3_bucket.this, aws_s3_bucket.logs,
    aws_s3_bucket_ownership_controls.this, aws_s3_bucket_public_access_block.this, aws_s3_bucket_versioning.this,
    aws_s3_bucket_server_side_encryption_configuration.this, aws_s3_bucket_policy.this, aws_s3_bucket_logging.this,
    aws_s3_bucket_lifecycle_configuration.this, aws_s3_object.definition,
  ]
}
