"""Documents of policies: from a file, or built from options for the usual cases."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import click

from ossicle.cli.actions import actions_in, strangers
from ossicle.cli.groups import group_of_options
from ossicle.cli.names import SCHEME
from ossicle.cli.output import note


@dataclass(frozen=True, kw_only=True)
class Statements:
    """What a policy is to say."""

    file: BinaryIO | None
    allow: tuple[str, ...]
    deny: tuple[str, ...]
    on: tuple[str, ...]
    list_in: tuple[str, ...]
    from_ip: tuple[str, ...]

    def document(self) -> str:
        """Return the document.

        Raises:
            UsageError: there is nothing to say, or it is said in two ways.
        """
        built = (*self.allow, *self.deny, *self.on, *self.list_in, *self.from_ip)
        if self.file is not None:
            if built:
                raise click.UsageError("--file has the whole policy; --allow and the like build one")
            document = self.file.read().decode("utf-8", "surrogateescape")
            for action, meant in strangers(actions_in(document)):
                note(f"no request needs the action {action}{_meant(meant)}: a statement about it says nothing")
            return document
        if bool(self.allow or self.deny) is not bool(self.on) or not (self.on or self.list_in):
            raise click.UsageError(
                "what may be done? --file, or --allow ACTION --on BUCKET/KEY, or --list-in BUCKET/PREFIX"
            )
        if self.from_ip and not (self.allow or self.list_in):
            raise click.UsageError("--from-ip narrows what is allowed; for more than that, --file")
        return json.dumps({"Version": "1", "Statement": list(self._statements())}, indent=2)

    def _statements(self) -> Iterator[dict[str, object]]:
        resources = [_resource(name) for name in self.on]
        for effect, actions in (("Allow", self.allow), ("Deny", self.deny)):
            if actions:
                yield self._statement(effect, [_action(each) for each in actions], resources)
        for name in self.list_in:
            bucket, _, prefix = name.removeprefix(SCHEME).partition("/")
            # A prefix that goes on behind the last slash, as `dir/*`, is one of its own.
            wanted = prefix if prefix.endswith("*") else f"{prefix}*"
            yield self._statement("Allow", ["oss:ListObjects"], [_resource(bucket)], {"oss:Prefix": [wanted]})

    def _statement(
        self, effect: str, actions: Sequence[str], resources: Sequence[str], like: dict[str, list[str]] | None = None
    ) -> dict[str, object]:
        condition: dict[str, object] = {}
        if like:
            condition["StringLike"] = like
        if self.from_ip and effect == "Allow":
            condition["IpAddress"] = {"acs:SourceIp": list(self.from_ip)}
        statement: dict[str, object] = {"Effect": effect, "Action": list(actions), "Resource": list(resources)}
        return {**statement, "Condition": condition} if condition else statement


def _action(text: str) -> str:
    action = text if ":" in text or text == "*" else f"oss:{text}"
    for _, meant in strangers([action]):
        raise click.BadParameter(f"no request needs the action {action}{_meant(meant)}")
    return action


def _meant(action: str) -> str:
    return f" ({action}?)" if action else ""


def _resource(text: str) -> str:
    """Return what policies call a bucket or its objects; a text that is one already stays."""
    name = text.removeprefix(SCHEME)
    return name if name == "*" or name.startswith("acs:") else f"acs:oss:*:*:{name}"


statement_options = group_of_options(
    "statements",
    Statements,
    (
        click.option("--file", type=click.File("rb"), metavar="PATH", help="The policy as JSON; - is standard input."),
        click.option(
            "--allow", multiple=True, metavar="ACTION", help="Allow this, such as PutObject or oss:Get*; repeatable."
        ),
        click.option("--deny", multiple=True, metavar="ACTION", help="Deny this, whatever allows it; repeatable."),
        click.option("--on", multiple=True, metavar="BUCKET/KEY", help="Where: such as photos/2026/*; repeatable."),
        click.option(
            "--list-in", multiple=True, metavar="BUCKET/PREFIX", help="Allow lists of what begins so; repeatable."
        ),
        click.option(
            "--from-ip",
            multiple=True,
            metavar="ADDRESS",
            help="Allow it only from this address or block, such as 10.0.0.0/8; repeatable.",
        ),
    ),
)
"""Gives a command its `statements`."""
