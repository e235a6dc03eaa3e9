"""What the readers of requests raise."""


class Unreadable(ValueError):
    """A text that is not what it was given as; the message says why, and repeats nothing of it that may be signed."""
