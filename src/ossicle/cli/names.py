"""Object names as the command line writes them: `oss://bucket/key`."""

from collections.abc import Iterable
from dataclasses import dataclass

import click

SCHEME = "oss://"


@dataclass(frozen=True, slots=True)
class ObjectName:
    """A bucket, and a key or prefix in it; an empty bucket is the service. The key is taken as it is written."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}" + (f"/{self.key}" if self.key else "")


def parse_name(text: str) -> ObjectName:
    """Return what `oss://[bucket[/key]]` names."""
    if not text.startswith(SCHEME):
        raise click.BadParameter(f"{text!r} is not oss://BUCKET/KEY")
    bucket, _, key = text.removeprefix(SCHEME).partition("/")
    if not bucket and key:
        raise click.BadParameter(f"{text!r} names no bucket")
    return ObjectName(bucket, key)


def parse_bucket(text: str) -> str:
    """Return the bucket of `oss://bucket`."""
    name = parse_name(text)
    if not name.bucket or name.key:
        raise click.BadParameter(f"{text!r} is not oss://BUCKET")
    return name.bucket


def parse_object(text: str) -> ObjectName:
    """Return the object of `oss://bucket/key`."""
    name = parse_name(text)
    if not name.key:
        raise click.BadParameter(f"{text!r} names no object: oss://BUCKET/KEY")
    return name


def parse_pair(text: str, separator: str, example: str) -> tuple[str, str]:
    """Return the two sides of `text`."""
    name, found, value = text.partition(separator)
    if not found or not name.strip():
        raise click.BadParameter(f"{text!r} is not of the form {example!r}")
    return name, value


def parse_headers(texts: Iterable[str]) -> dict[str, str]:
    """Return the headers of `K: V` texts; a name that stands twice is refused."""
    found: dict[str, str] = {}
    for text in texts:
        name, value = (side.strip() for side in parse_pair(text, ":", "Name: value"))
        if name.lower() in {taken.lower() for taken in found}:
            raise click.BadParameter(f"the header {name} is given twice")
        found[name] = value
    return found
