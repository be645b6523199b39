"""Trials: the run trained again with one thing changed (TRI)."""
