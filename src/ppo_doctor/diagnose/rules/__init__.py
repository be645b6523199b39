"""Open set: one rule a file, in the folder of its family; file name = function name = the rule's name."""
