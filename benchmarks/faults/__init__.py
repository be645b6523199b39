"""The fault benchmark: does the doctor name the cause that was injected? `python -m benchmarks.faults --help`."""
