# Services of AWS that are called from within the VPC, and why. By default all four have an endpoint, so that a function which
# moves into the network finds what it calls; `network = { endpoints = [] }` leaves those that something calls now, and saves 22
# dollars a month for each of the others.

locals {
  # On-demand pollers become the function's role and invoke the function from within the cluster's subnets. Provisioned ones do
  # that outside, and need no endpoint.
  on_demand_pollers = length(local.kafka_mappings) > 0 && var.kafka.provisioned_pollers == null
  polled_jobs       = toset([for mapping in values(local.kafka_mappings) : mapping.job])

  # Jobs in the network that read a secret. None of them opens a table: those run outside, fed by mappings or schedules, and do not
  # call Glue. Tokens for brokers are signed without a call, and S3 decrypts lake.json on its own side.
  network_secrets = contains(local.jobs_in_network, "poll-quotes") && var.alpaca_key ? ["alpaca"] : []

  endpoint_reasons = {
    sts            = local.on_demand_pollers
    lambda         = local.on_demand_pollers
    secretsmanager = length(local.network_secrets) > 0
    glue           = false
  }

  # What each lets through.
  endpoint_access = {
    sts = {
      actions   = ["sts:AssumeRole"]
      resources = [for job in local.polled_jobs : local.role_arns[job]]
      roles     = []
    }
    lambda = {
      actions   = ["lambda:InvokeFunction"]
      resources = flatten([for job in local.polled_jobs : [local.function_arns[job], "${local.function_arns[job]}:*"]])
      roles     = []
    }
    secretsmanager = {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [for secret in ["alpaca"] : local.secret_arn_pattern[secret]]
      roles     = [for job in local.jobs_in_network : local.role_arns[job]]
    }
    # Whole databases: a further table changes nothing here.
    glue = {
      actions = ["glue:GetDatabase", "glue:GetTable", "glue:UpdateTable"]
      resources = concat(
        ["${local.arn.glue}:catalog"],
        flatten([for database in keys(local.databases) : ["${local.arn.glue}:database/${database}", "${local.arn.glue}:table/${database}/*"]]),
      )
      roles = [for job in local.jobs_in_network : local.role_arns[job]]
    }
  }

  endpoints = {
    for service, access in local.endpoint_access :
    service => access if local.endpoint_reasons[service] || contains(local.network.endpoints, service)
  }
}
