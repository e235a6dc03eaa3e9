"""The version of Ossicle, in the one place that packaging, the command line and the `User-Agent` read."""

__version__ = "0.1.0"
