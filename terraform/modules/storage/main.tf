# Buckets of the layers and of artefacts. The bucket of their access logs is in logs.tf.
#
# Nobody outside the account gets at them: no ACLs, no public policies, no plain HTTP.
# Versions: what upkeep, Athena or somebody by mistake deletes stays for var.noncurrent_days. This is the rescue after a
# table was dropped or compacted wrongly, and what it costs: files that compaction replaced are paid for a month longer.

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144:One region on purpose: copies elsewhere double the bill, and Iceberg's absolute paths would lead back here. Versions are kept instead.
  #checkov:skip=CKV2_AWS_62:Nothing waits for single files here; tables change by commits, which the catalogue and our metrics tell of.
  for_each = local.encrypted

  bucket        = each.value
  force_destroy = var.force_destroy
  tags          = merge(var.tags, { layer = local.layers[each.key], classification = var.classifications[each.key] })
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = aws_s3_bucket.this

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    # S3 refuses keys of callers by itself on new buckets; said here, since otherwise some versions of the provider would plan to
    # take it back each time.
    blocked_encryption_types = ["SSE-C"]
    # A key of the bucket, made from ours, encrypts many objects: KMS is asked, and paid, about a hundredth as often.
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.key_arn
    }
  }
}

resource "aws_s3_bucket_logging" "this" {
  for_each = aws_s3_bucket.this

  bucket        = each.value.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "${each.key}/"

  # Folders by day, so that a query reads the days it asks for.
  target_object_key_format {
    partitioned_prefix {
      partition_date_source = "EventTime"
    }
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.refusals[each.key] })

  depends_on = [aws_s3_bucket_public_access_block.this]
}
