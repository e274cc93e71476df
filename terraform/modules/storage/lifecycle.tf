# What S3 removes by itself.
#
# Nothing current in a table's folder, ever: Iceberg's metadata decides which files a table has, and one that S3 takes away,
# or moves to a class that must be restored first, makes queries fail. Tables shrink by expired snapshots and compaction,
# which delete files themselves; of these S3 then removes the old versions.

locals {
  # Folders of artefacts whose objects have had their day, with how many days that is.
  # Lambda names what it writes to a failure destination itself: aws/lambda/MAPPING/SHARD/YYYY/MM/DD/….
  expiring = {
    artefacts = {
      "athena-results" = { prefix = "athena-results/", days = var.results_days }
      "failures"       = { prefix = "aws/lambda/", days = var.failures_days }
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    # Markers of deletions under which no version is left. This takes away no object.
    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  dynamic "rule" {
    for_each = lookup(local.expiring, each.key, {})

    content {
      id     = rule.key
      status = "Enabled"

      filter {
        prefix = rule.value.prefix
      }

      expiration {
        days = rule.value.days
      }

      noncurrent_version_expiration {
        noncurrent_days = 1
      }
    }
  }

  lifecycle {
    precondition {
      condition = alltrue([
        for rule in values(lookup(local.expiring, each.key, {})) :
        alltrue([for prefix in var.table_prefixes : !startswith(rule.prefix, prefix) && !startswith(prefix, rule.prefix)])
      ])
      error_message = "table_prefixes: a lifecycle rule of ${each.key} would delete files of tables. Keep tables out of athena-results/ and aws/lambda/."
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
