output "stream_arns" {
  description = "ARNs of the Kinesis streams made here, by their names in lake.json."
  value       = { for name, stream in aws_kinesis_stream.this : name => stream.arn }
}

output "cluster_arn" {
  description = "ARN of the Kafka cluster, made here or given; empty without topics."
  value = (
    local.mode == "provisioned" ? one(aws_msk_cluster.this[*].arn) :
    local.mode == "serverless" ? one(aws_msk_serverless_cluster.this[*].arn) :
    local.mode == "existing" ? var.kafka.existing.cluster_arn : ""
  )
}

output "bootstrap_servers" {
  description = "Where the cluster is reached with IAM over TLS, each host:port; for an existing one what was given; empty without topics."
  value = (
    local.mode == "provisioned" ? one(aws_msk_cluster.this[*].bootstrap_brokers_sasl_iam) :
    local.mode == "serverless" ? one(aws_msk_serverless_cluster.this[*].bootstrap_brokers_sasl_iam) :
    local.mode == "existing" ? var.kafka.existing.bootstrap_servers : ""
  )
}

output "cluster_security_group_id" {
  description = "Security group of the brokers made here; null for an existing cluster, or none."
  value       = one(aws_security_group.cluster[*].id)
}
