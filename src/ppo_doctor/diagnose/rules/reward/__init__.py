"""The reward (REW)."""
