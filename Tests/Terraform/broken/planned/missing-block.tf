# Rejected: Insufficient client_authentication blocks.*At least 1
resource "aws_msk_serverless_cluster" "this" {
  cluster_name = "cluster"

  vpc_config {
    subnet_ids = []
  }
}
