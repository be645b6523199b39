"""Examines what a report claims and what a plan wants, with the numbers of the runs themselves. NumPy only."""
