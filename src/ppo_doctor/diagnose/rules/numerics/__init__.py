"""Numbers that are no numbers (NUM)."""
