"""Which permissions each role needs, derived from the code, and whether it has exactly these."""
