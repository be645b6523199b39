"""Evaluation against references (EVA)."""
