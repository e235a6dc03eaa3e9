"""Why a server could not start, in words for its operator."""


class StartError(Exception):
    """Base of what keeps a server from starting; the message is all that the operator is shown."""
