"""The network's representation (NET)."""
