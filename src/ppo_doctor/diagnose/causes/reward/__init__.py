"""Causes in the family reward."""
