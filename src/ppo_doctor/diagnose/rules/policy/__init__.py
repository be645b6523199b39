"""The policy and its updates (POL)."""
