"""Open set: one root cause a file, in the folder of its family; the file name is the id."""
