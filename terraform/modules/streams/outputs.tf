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
