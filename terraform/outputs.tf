output "buckets" {
  description = "Names of the buckets, by what they are for."
  value       = module.storage.names
}

output "databases" {
  description = "Glue databases that hold the tables."
  value       = sort(keys(local.databases))
}

output "workgroup" {
  description = "Athena workgroup to query the tables with."
  value       = local.workgroup
}

output "functions" {
  description = "Names of the functions, by job."
  value       = { for job in local.jobs : job => local.function_names[job] }
}

output "streams" {
  description = "ARNs of the Kinesis streams, by their names in lake.json."
  value       = local.stream_arns
}

output "kafka" {
  description = "The Kafka cluster: its ARN and bootstrap servers; null without topics."
  value       = local.has_kafka ? { cluster_arn = local.cluster_arn, bootstrap_servers = local.bootstrap_servers } : null
}

output "secrets" {
  description = "Secrets that wait for their values, by what they are for: their names."
  value       = { for secret in local.secrets_needed : secret => local.secrets[secret] }
}

output "edge_url" {
  description = "Where devices send readings to; null without an edge gateway."
  value       = try(module.edge[0].url, null)
}

output "dashboard_url" {
  description = "The lake's dashboard in CloudWatch."
  value       = module.watch.dashboard_url
}

output "mappings" {
  description = "UUIDs of what feeds functions from streams, by JOB.STREAM: what a mapping of Kinesis gave up lies in the bucket artefacts under aws/lambda/UUID/."
  value       = module.mappings.ids
}

output "topics" {
  description = "What bootstrap-topics did; null without topics."
  value       = one(aws_lambda_invocation.bootstrap_topics[*].result)
}

output "tables" {
  description = "What bootstrap-tables did."
  value       = aws_lambda_invocation.bootstrap_tables.result
}
