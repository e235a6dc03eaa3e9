"""The three ways in which OSS signs."""

from enum import Enum


class Version(Enum):
    """Which signature a request carries; the value is the name that SDKs and command line use."""

    V1 = "v1"
    V2 = "v2"
    V4 = "v4"
