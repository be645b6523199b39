"""Causes in the family config."""
