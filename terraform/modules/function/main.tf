# One job: its role, log group, zip and function.

locals {
  # Of zips that are missing the root tells, of all at once.
  hash        = try(filesha256(var.package), "")
  hash_base64 = try(filebase64sha256(var.package), "")

  tags = merge(var.tags, { layer = "compute", classification = "internal" })
}

resource "aws_iam_role" "this" {
  name        = var.role_name
  description = "What ${var.name} may do."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
  tags = local.tags
}

# Part of the role, and of no other: it goes when the role goes, and nobody can attach it elsewhere.
resource "aws_iam_role_policy" "this" {
  name   = "job"
  role   = aws_iam_role.this.name
  policy = jsonencode({ Version = "2012-10-17", Statement = var.statements })
}

resource "aws_cloudwatch_log_group" "this" {
  name              = var.log_group
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
  tags              = local.tags
}

# Named by its content: another zip is another object, so that neither a rollback nor an update that Lambda refuses finds
# its object gone or exchanged. The new object comes before the function's update and the old one goes after it, and only if
# it succeeded; Lambda keeps its own copy of what runs. The bucket encrypts it, and keeps old versions for a while besides.
resource "aws_s3_object" "package" {
  bucket       = var.artefacts_bucket
  key          = "functions/${var.job}/${local.hash}.zip"
  source       = var.package
  source_hash  = local.hash
  content_type = "application/zip"
  tags         = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

# No versions and aliases: every mapping, schedule and permission would have to name the alias, while going back is an apply
# of the zip before, which takes as long as going forward.
resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_116:Failed events go to the queue of the event_invoke_config, which takes the error and the reply too; a dead-letter queue beside it would get them twice.
  #checkov:skip=CKV_AWS_117:Only what speaks to Kafka brokers needs the VPC. The others call AWS's public endpoints over TLS, with their role; a VPC would add NAT or endpoints for each service, and protect nothing more.
  #checkov:skip=CKV_AWS_272:Zips come from the lake's own bucket by the SHA-256 that the plan shows. Signing would need a signer in the build, and protects only from who may deploy.
  function_name = var.name
  description   = var.description
  role          = var.role_arn

  s3_bucket        = aws_s3_object.package.bucket
  s3_key           = aws_s3_object.package.key
  source_code_hash = local.hash_base64

  runtime       = var.runtime
  handler       = "bootstrap"
  architectures = ["x86_64"]
  memory_size   = var.memory
  timeout       = var.timeout

  reserved_concurrent_executions = var.concurrency

  kms_key_arn = var.key_arn

  environment {
    variables = var.environment
  }

  # Metrics are lines of the log, and Lambda counts a line without a level as INFO: WARN would cut them off.
  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "INFO"
    log_group             = aws_cloudwatch_log_group.this.name
  }

  tracing_config {
    mode = "Active"
  }

  dynamic "vpc_config" {
    for_each = var.network == null ? [] : [var.network]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  tags = local.tags

  # Lambda looks at the role when it makes network interfaces and grants on the key; and without its log group it would
  # make one that keeps logs for ever.
  depends_on = [aws_iam_role_policy.this, aws_cloudwatch_log_group.this]
}
