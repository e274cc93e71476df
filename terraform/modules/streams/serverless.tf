# MSK without brokers to choose: paid by the cluster's and the partitions' hours and the GB. It keeps three copies, takes IAM over
# TLS alone, and encrypts with a key that AWS owns: it takes no other, has no broker logs, and no configuration.

resource "aws_msk_serverless_cluster" "this" {
  count = local.mode == "serverless" ? 1 : 0

  cluster_name = var.kafka.cluster_name

  client_authentication {
    sasl {
      iam {
        enabled = true
      }
    }
  }

  vpc_config {
    subnet_ids         = var.kafka.subnet_ids
    security_group_ids = [aws_security_group.cluster[0].id]
  }

  tags = local.tags
}
