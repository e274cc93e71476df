# Databases, and the workgroup that queries them. Tables belong to bootstrap-tables, which makes them of lake.json.
#
# Glue drops the entries of all tables with their database, and Terraform has no prevent_destroy that a variable decides.
# What protects them is the order: the buckets are made after the databases, so that Terraform destroys the buckets first,
# and these refuse while they hold data, unless deletion_protection is off. Even without entries a table is not lost as long
# as its newest metadata file is there: it can be registered again by that.
#
# Encryption of the Data Catalog itself is a setting of the whole account and region, and may be somebody else's: it is
# neither read nor set here.

resource "aws_glue_catalog_database" "this" {
  for_each = var.databases

  name        = each.key
  description = each.value == "" ? null : each.value
  tags        = local.tags
}

resource "aws_athena_workgroup" "this" {
  name        = var.workgroup
  description = "Queries and upkeep of the lake"
  # Its contents are saved queries and the history of those that ran; tables and results lie elsewhere.
  force_destroy = true
  tags          = local.tags

  configuration {
    # What is set here holds, whatever a client asks for.
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    requester_pays_enabled             = false
    bytes_scanned_cutoff_per_query     = floor(var.scan_limit_gb * 1000 * 1000 * 1000)

    # OPTIMIZE, VACUUM and MERGE need version 3. AUTO would let AWS choose when the next one comes.
    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location       = var.results_location
      expected_bucket_owner = var.account

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.results_key_arn
      }
    }
  }
}

locals {
  tags = merge(var.tags, { layer = "operations", classification = "internal" })
}
