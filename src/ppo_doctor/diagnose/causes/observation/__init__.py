"""Causes in the family observation."""
