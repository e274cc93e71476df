# Permissions on tables: Glue's, S3's, and those that Athena uses in the name of who asks it.

locals {
  # The dead-letter table has a name even where lake.json gives it none.
  letters = try(local.lake.deadLetterTable, "lake_db.dead_letters")

  # Tables that each job reads and writes, as far as this lake has them.
  job_tables = {
    for job, names in {
      "bootstrap-tables" = keys(local.tables)
      "bootstrap-topics" = []
      "detect-anomalies" = [for stream in values(local.watched_streams) : stream.alerts.table]
      "edge-gateway"     = []
      "kafka-elastic"    = [for stream in values(local.indexed_streams) : local.letters]
      "kafka-ingest"     = flatten([for stream in values(local.kafka_streams) : local.stream_tables[stream.name]])
      "kinesis-ingest"   = flatten([for stream in values(local.kinesis_streams) : local.stream_tables[stream.name]])
      "optimize-tables"  = keys(local.tables)
      "poll-quotes"      = []
      "refresh-assets"   = local.assets_table == null ? [] : [local.assets_table.name]
      "simulate-sensors" = []
      "simulate-trades"  = []
    } :
    job => sort(distinct([for name in names : name if contains(keys(local.tables), name)]))
  }
  stream_tables = {
    for name, stream in local.streams :
    name => concat([stream.table], try(stream.onBadRecord, "dead-letter") == "dead-letter" ? [local.letters] : [])
  }

  # Tables of plain Parquet files have partitions in Glue, and no versions.
  is_plain    = { for name, table in local.tables : name => try(table.format, "iceberg") == "parquet" }
  job_iceberg = { for job, names in local.job_tables : job => [for name in names : name if !local.is_plain[name]] }
  job_plain   = { for job, names in local.job_tables : job => [for name in names : name if local.is_plain[name]] }

  # A table in Glue stands under its catalog and database, which count with it.
  glue_table    = { for name in concat(keys(local.tables), keys(local.views)) : name => "${local.arn.glue}:table/${replace(name, ".", "/")}" }
  glue_database = { for name in concat(keys(local.tables), keys(local.views)) : name => "${local.arn.glue}:database/${split(".", name)[0]}" }
  glue_catalog  = "${local.arn.glue}:catalog"

  # Files of a table: in its folder, and where its properties send them.
  table_folders = {
    for name, table in local.tables : name => [
      for location in compact(concat(
        [local.table_locations[name]],
        [for property in ["write.data.path", "write.metadata.path"] : try(table.properties[property], "")]
      )) :
      replace(trimsuffix(location, "/"), "s3://", "arn:${local.partition}:s3:::")
    ]
  }
  # bootstrap-tables and optimize-tables leave the files of plain tables alone.
  job_folders = {
    for job, names in local.job_tables :
    job => sort(distinct(flatten([for name in(contains(["bootstrap-tables", "optimize-tables"], job) ? local.job_iceberg[job] : names) : local.table_folders[name]])))
  }
  job_buckets = { for job, folders in local.job_folders : job => distinct([for folder in folders : split("/", folder)[0]]) }

  # Only these two ask Athena.
  views_of = { for job in local.all_jobs : job => job == "bootstrap-tables" ? keys(local.views) : [] }
  athena_of = {
    for job in local.all_jobs :
    job => job == "optimize-tables" && length(local.job_iceberg[job]) > 0 || length(local.views_of[job]) > 0
  }

  table_statements = {
    for job in local.all_jobs : job => [
      {
        # PutObject is UploadPart too, and GetObject HeadObject.
        sid = "Files"
        actions = concat(
          ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          job == "optimize-tables" ? ["s3:ListMultipartUploadParts"] : []
        )
        resources = [for folder in local.job_folders[job] : "${folder}/*"]
      },
      {
        # Without it S3 says "access denied" of a file that is not there. HeadBucket, and a question for a file, name no
        # prefix, so that a condition on it would not hold.
        sid       = "Buckets"
        actions   = concat(["s3:ListBucket"], local.athena_of[job] ? ["s3:GetBucketLocation"] : [])
        resources = local.job_buckets[job]
      },
      {
        # For the definition, for files and results, and for batches that a mapping gives up.
        sid       = "DataKey"
        actions   = length(local.job_folders[job]) > 0 || local.athena_of[job] ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"]
        resources = [local.any_key]
        condition = local.has_name.data
      },
      {
        sid       = "Tables"
        actions   = concat(["glue:GetTable", "glue:UpdateTable"], job == "bootstrap-tables" ? ["glue:CreateTable"] : [])
        resources = length(local.changed_of[job]) == 0 ? [] : concat(local.catalog_of_changed[job], [for name in local.changed_of[job] : local.glue_table[name]])
      },
      {
        sid       = "PlainTables"
        actions   = ["glue:BatchCreatePartition", "glue:GetTable"]
        resources = job != "kinesis-ingest" || length(local.job_plain[job]) == 0 ? [] : concat([local.glue_catalog], distinct([for name in local.job_plain[job] : local.glue_database[name]]), [for name in local.job_plain[job] : local.glue_table[name]])
      },
      {
        # AWS asks for all databases.
        sid       = "Databases"
        actions   = ["glue:GetDatabases"]
        resources = contains(["bootstrap-tables", "optimize-tables"], job) ? [local.glue_catalog, "${local.arn.glue}:database/*"] : []
      },
      {
        # AWS asks for all tables of a database.
        sid       = "TablesOfDatabases"
        actions   = ["glue:GetTables"]
        resources = job == "optimize-tables" ? concat([local.glue_catalog], flatten([for name in sort(keys(local.databases)) : ["${local.arn.glue}:database/${name}", "${local.arn.glue}:table/${name}/*"]])) : []
      },
      {
        sid       = "Athena"
        actions   = ["athena:GetQueryExecution", "athena:StartQueryExecution"]
        resources = local.athena_of[job] ? [local.workgroup_arn] : []
      },
      {
        # Athena's guide demands it of everyone: it looks for this database, and makes it where an account has none.
        sid       = "AthenaDefault"
        actions   = ["glue:CreateDatabase", "glue:GetDatabase"]
        resources = local.athena_of[job] ? [local.glue_catalog, "${local.arn.glue}:database/default"] : []
      },
      {
        sid       = "AthenaDatabases"
        actions   = ["glue:GetDatabase"]
        resources = local.athena_of[job] ? concat([local.glue_catalog], distinct([for name in concat(local.job_tables[job], local.views_of[job]) : local.glue_database[name]])) : []
      },
      {
        sid       = "AthenaPartitions"
        actions   = ["glue:GetPartitions"]
        resources = job == "optimize-tables" && length(local.job_iceberg[job]) > 0 ? concat([local.glue_catalog], distinct([for name in local.job_iceberg[job] : local.glue_database[name]]), [for name in local.job_iceberg[job] : local.glue_table[name]]) : []
      },
      {
        sid       = "AthenaResults"
        actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        resources = local.athena_of[job] ? ["${local.bucket_arns.artefacts}/athena-results/*"] : []
      },
      {
        sid       = "AthenaResultsBucket"
        actions   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        resources = local.athena_of[job] ? [local.bucket_arns.artefacts] : []
      },
    ]
  }

  # Descriptions in Glue that a job changes: those of views and plain tables only where it makes them.
  changed_of         = { for job in local.all_jobs : job => job == "bootstrap-tables" ? sort(concat(local.job_tables[job], local.views_of[job])) : local.job_iceberg[job] }
  catalog_of_changed = { for job, names in local.changed_of : job => concat([local.glue_catalog], distinct([for name in names : local.glue_database[name]])) }
}
