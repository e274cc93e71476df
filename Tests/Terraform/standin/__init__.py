"""A stand-in for Terraform providers: real schemas, plans of creation, no cloud behind it."""
