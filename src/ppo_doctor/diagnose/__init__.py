"""Runs in, findings out. NumPy and SciPy only: nothing below this package imports JAX or torch."""
