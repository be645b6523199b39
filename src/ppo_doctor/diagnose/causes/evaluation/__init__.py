"""Causes in the family evaluation."""
