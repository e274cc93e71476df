output "url" {
  description = "Address of Elasticsearch: the main root's `elastic = { url = … }`."
  value       = ec_deployment.this.elasticsearch.https_endpoint
}

output "kibana_url" {
  description = "Address of Kibana; dashboards/kibana/import.sh puts the dashboard there."
  value       = ec_deployment.this.kibana.https_endpoint
}

output "secret" {
  description = "Name of the secret that holds url, username and password."
  value       = data.aws_secretsmanager_secret.elastic.name
}
