"""The value function (VAL)."""
