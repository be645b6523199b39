"""The optimiser and its gradients (OPT)."""
