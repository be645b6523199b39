"""The path from environment to minibatch (DAT)."""
