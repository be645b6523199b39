"""Open set: one injected fault a file; the file name is the registry entry."""
