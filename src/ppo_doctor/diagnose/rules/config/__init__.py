"""Arithmetic of the configuration (CFG)."""
