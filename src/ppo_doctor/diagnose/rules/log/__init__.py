"""The log itself: what was recorded, and whether it can be believed (LOG)."""
