"""Causes in the family other."""
