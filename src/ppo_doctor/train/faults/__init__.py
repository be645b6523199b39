"""Open set: one injected fault a file, as `FAULT`; the file name is the registry entry (see `train.fault`)."""
