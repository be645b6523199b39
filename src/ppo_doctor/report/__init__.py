"""Open set: one renderer a file, each a function `render(report) -> str`."""
