"""Foreign software: readers of logs, live callbacks, environments. Every foreign import is lazy."""
