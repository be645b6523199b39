"""The environment and its mask (ENV)."""
