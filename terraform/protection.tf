# Depends on everything, and so is destroyed before anything: a lake that is protected is not half gone when its buckets refuse.
# An apply with deletion_protection = false takes the guard away, in place.

resource "terraform_data" "protection" {
  input = var.deletion_protection

  provisioner "local-exec" {
    when    = destroy
    command = self.input ? "echo 'The lake is protected: terraform apply -var deletion_protection=false comes first.' >&2; exit 1" : "true"
  }

  depends_on = [
    module.catalog, module.edge, module.function, module.key, module.macie, module.mappings, module.network, module.schedules,
    module.secrets, module.storage, module.streams, module.watch,
  ]
}
