# The bucket that S3 writes the access logs of the others to: who read or changed what, when, and from where.

resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_145:S3 delivers access logs only to buckets whose default encryption is SSE-S3; with a KMS key none would come.
  #checkov:skip=CKV_AWS_18:Logs of the log bucket would be logged again, without end.
  #checkov:skip=CKV_AWS_144:Access logs are evidence of this region's buckets; versions keep them from being overwritten.
  #checkov:skip=CKV2_AWS_62:Nothing waits for log files; they are there to be searched.
  bucket        = var.buckets["logs"]
  force_destroy = var.force_destroy
  tags          = merge(var.tags, { layer = local.layers["logs"], classification = var.classifications["logs"] })
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    blocked_encryption_types = ["SSE-C"]

    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.insecure_transport["logs"], [
      # S3 itself, for each of our buckets into that bucket's folder, and for nobody else's.
      for purpose in keys(local.encrypted) : {
        Sid       = "DeliverLogsOf${title(purpose)}"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.arns["logs"]}/${purpose}/*"
        Condition = {
          ArnEquals    = { "aws:SourceArn" = local.arns[purpose] }
          StringEquals = { "aws:SourceAccount" = var.account }
        }
      }
    ])
  })

  depends_on = [aws_s3_bucket_public_access_block.logs]
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "access-logs"
    status = "Enabled"

    filter {}

    expiration {
      days = var.log_retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.logs]
}
