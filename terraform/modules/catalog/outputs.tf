output "databases" {
  description = "Names of the databases. Who takes them from here waits until they are there."
  value       = sort(keys(var.databases))

  depends_on = [aws_glue_catalog_database.this]
}
