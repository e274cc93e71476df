# What the variables change of what the lake has without them. Types of objects would drop a misspelt member without a word: what is
# set here is taken as it is given, looked at by checks.tf, and put over the defaults.

locals {
  feature_defaults = { alerts = true, edge = true, quotes = true, simulators = true, elastic = false, macie = false }
  features         = { for feature, default in local.feature_defaults : feature => coalesce(try(var.features[feature], null), default) }

  setting_defaults = {
    kinesis = { on_demand = false, retention_hours = 24, foreign_retention_hours = 24 }
    network = { cidr = "10.42.0.0/20", zones = null, nat_gateway_per_zone = false, endpoints = ["glue", "lambda", "secretsmanager", "sts"] }
    edge    = { rate = 100, burst = 200 }
  }
  given_settings = { kinesis = var.kinesis, network = var.network, edge = var.edge }
  # coalesce fails of null alone.
  settings_of = {
    for variable, defaults in local.setting_defaults :
    variable => { for setting, default in defaults : setting => try(coalesce(local.given_settings[variable][setting]), default) }
  }
  kinesis = local.settings_of.kinesis
  network = local.settings_of.network
  edge    = local.settings_of.edge

  # What may be changed of single jobs, mappings and schedules, and the kind of value that it takes.
  settings = {
    jobs      = { memory = "number", timeout = "number", concurrency = "number", environment = "map of strings" }
    mappings  = { batch_size = "number", window_seconds = "number", enabled = "bool" }
    schedules = { expression = "string", time_zone = "string", enabled = "bool" }
  }
  given = flatten([
    for variable, changes in { jobs = var.jobs, mappings = var.mappings, schedules = var.schedules } : [
      for name, change in changes : can(keys(change)) ? [
        for setting in keys(change) : {
          at       = "${variable}: ${name}"
          setting  = setting
          kind     = try(local.settings[variable][setting], null)
          settings = keys(local.settings[variable])
          fits = {
            "number"         = can(tonumber(change[setting]))
            "bool"           = can(tobool(change[setting]))
            "string"         = can(tostring(change[setting]))
            "map of strings" = change[setting] == null || can(keys(change[setting])) && can({ for name, value in change[setting] : name => tostring(value) })
          }
        }
        ] : [{
          at = "${variable}: ${name}", setting = "what is given", kind = "object", settings = [], fits = { "object" = false }
      }]
    ]
  ])

  job_changes         = { for job, change in var.jobs : job => { for setting in ["memory", "timeout", "concurrency"] : setting => try(tonumber(change[setting]), null) } }
  environment_changes = { for job in local.all_jobs : job => try({ for name, value in var.jobs[job].environment : name => tostring(value) }, {}) }
  job_numbers = {
    for job, settings in local.job_settings :
    job => { for setting in ["memory", "timeout", "concurrency"] : setting => coalesce(try(local.job_changes[job][setting], null), settings[setting]) }
  }
  mapping_changes = {
    for name, change in var.mappings : name => {
      batch_size     = try(tonumber(change.batch_size), null)
      window_seconds = try(tonumber(change.window_seconds), null)
      enabled        = try(tobool(change.enabled), null)
    }
  }
  schedule_changes = {
    for name, change in var.schedules : name => {
      expression = try(tostring(change.expression), null)
      time_zone  = coalesce(try(tostring(change.time_zone), null), "UTC")
      enabled    = coalesce(try(tobool(change.enabled), null), true)
    }
  }
}
