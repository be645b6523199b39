"""The one error a user's mistake raises."""


class UserError(Exception):
    """A mistake of the user, said in one line with what to do; the command line prints it and exits with status 2."""
