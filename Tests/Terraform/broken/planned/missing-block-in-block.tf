# Rejected: Insufficient iam blocks.*At least 1
resource "aws_msk_serverless_cluster" "this" {
  cluster_name = "cluster"

  client_authentication {
    sasl {}
  }

  vpc_config {
    subnet_ids = []
  }
}
