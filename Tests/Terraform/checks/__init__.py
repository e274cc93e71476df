"""Checks of terraform/. Each gives the faults that it found, in words, and none where all is well."""
