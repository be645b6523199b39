"""Causes in the family learner."""
