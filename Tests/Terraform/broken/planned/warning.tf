# Rejected: warns: Warning: Check block assertion failed
locals {
  streams = []
}

check "streams" {
  assert {
    condition     = length(local.streams) > 0
    error_message = "There is no stream."
  }
}
