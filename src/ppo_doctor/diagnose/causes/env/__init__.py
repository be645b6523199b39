"""Causes in the family env."""
