# Elasticsearch and Kibana in Elastic Cloud for the job kafka-elastic. A root of its own: its provider needs an account with
# Elastic, and its state holds the deployment's password, which nobody should have to be shown who changes the lake.

locals {
  prefix = "${var.name}-${var.environment}"
  tags   = { owner = var.owner, environment = var.environment, layer = "serving", classification = "internal" }
}

data "ec_stack" "this" {
  version_regex = var.elastic_version
  region        = local.elastic_region
}

locals {
  # Elastic Cloud writes AWS's regions with a prefix, except for those that it had first.
  plain_regions = [
    "us-east-1", "us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1",
  ]
  elastic_region = contains(local.plain_regions, var.region) ? var.region : "aws-${var.region}"
}

resource "ec_deployment_traffic_filter" "sources" {
  count = length(var.allowed_sources) > 0 ? 1 : 0

  name        = "${local.prefix}-sources"
  description = "Who may speak to ${local.prefix}"
  region      = local.elastic_region
  type        = "ip"

  dynamic "rule" {
    for_each = var.allowed_sources
    content {
      source = rule.value
    }
  }
}

resource "ec_deployment" "this" {
  name                   = local.prefix
  region                 = local.elastic_region
  version                = data.ec_stack.this.version
  deployment_template_id = var.deployment_template
  traffic_filter         = ec_deployment_traffic_filter.sources[*].id
  tags                   = local.tags

  elasticsearch = {
    autoscale = true
    hot = {
      size       = "${var.memory_gb}g"
      zone_count = var.zones
      autoscaling = {
        max_size          = "${max(var.maximum_memory_gb, var.memory_gb)}g"
        max_size_resource = "memory"
      }
    }
    # With autoscaling, tiers that the template knows must be named, even those that stay empty.
    warm   = { autoscaling = {} }
    cold   = { autoscaling = {} }
    frozen = { autoscaling = {} }
    ml     = { autoscaling = {} }
  }

  kibana = {
    size       = "1g"
    zone_count = 1
  }

  lifecycle {
    # The autoscaler changes the size; upgrades are made on purpose, by naming a version.
    ignore_changes = [elasticsearch.hot.size]
  }
}

# The main root has made the container, with `features = { elastic = true }`.
data "aws_secretsmanager_secret" "elastic" {
  name = "${local.prefix}/elastic"
}

resource "aws_secretsmanager_secret_version" "elastic" {
  secret_id = data.aws_secretsmanager_secret.elastic.id
  # Write-only: the state of this resource does not have it. That of ec_deployment has, as its provider keeps it there.
  secret_string_wo = jsonencode({
    url      = ec_deployment.this.elasticsearch.https_endpoint
    username = ec_deployment.this.elasticsearch_username
    password = ec_deployment.this.elasticsearch_password
  })
  secret_string_wo_version = var.password_version
}
