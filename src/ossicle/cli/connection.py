"""The options that say which server a command speaks to, and as whom."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import click

from ossicle.cli.groups import Command, group_of_options

if TYPE_CHECKING:
    from ossicle.client.config import Config
    from ossicle.client.credentials import StaticCredentialsProvider
    from ossicle.client.sync import Client


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Which server, which region, whose keys: all that a signature takes."""

    endpoint: str | None
    region: str | None
    access_key_id: str | None
    access_key_secret: str | None = field(repr=False)
    security_token: str | None = field(repr=False)
    addressing_style: str
    path_style: bool
    cname: bool

    def config(self, additional_headers: tuple[str, ...] = ()) -> "Config":
        """Return the settings of a client.

        Raises:
            CredentialsError: id or secret is missing; the message names it.
        """
        from ossicle.client.config import Config

        return Config(
            region=self.region,
            endpoint=self.endpoint,
            credentials_provider=self._credentials(),
            use_path_style=self.path_style or self.addressing_style == "path",
            use_cname=self.cname or self.addressing_style == "cname",
            additional_headers=additional_headers,
        )

    def client(self, additional_headers: tuple[str, ...] = ()) -> "Client":
        """Return a client; it opens a connection when one is needed."""
        from ossicle.client.sync import Client

        return Client(self.config(additional_headers))

    def _credentials(self) -> "StaticCredentialsProvider":
        from ossicle.client.credentials import StaticCredentialsProvider
        from ossicle.client.failures import CredentialsError

        if self.access_key_id and self.access_key_secret:
            return StaticCredentialsProvider(self.access_key_id, self.access_key_secret, self.security_token)
        parts = (
            ("--access-key-id (OSS_ACCESS_KEY_ID)", self.access_key_id),
            ("--access-key-secret (OSS_ACCESS_KEY_SECRET)", self.access_key_secret),
        )
        raise CredentialsError(f"missing {' and '.join(option for option, value in parts if not value)}")


@dataclass(frozen=True, kw_only=True)
class Connection(Signer):
    """The same, and how the server is reached."""

    skip_verify_cert: bool
    connect_timeout: float
    read_timeout: float

    def config(self, additional_headers: tuple[str, ...] = ()) -> "Config":
        """See `Signer.config`."""
        return replace(
            super().config(additional_headers),
            insecure_skip_verify=self.skip_verify_cert,
            connect_timeout=self.connect_timeout,
            readwrite_timeout=self.read_timeout,
        )


SECONDS = click.FloatRange(min=0, min_open=True)
skip_verify_cert_option = click.option("--skip-verify-cert", is_flag=True, help="Take any certificate.")
connect_timeout_option = click.option(
    "--connect-timeout", type=SECONDS, default=10.0, show_default=True, metavar="SECONDS", help="Until connected."
)


def read_timeout_option(seconds: float) -> Callable[[Command], Command]:
    """Return the option that says how long the connection may be silent."""
    return click.option(
        "--read-timeout",
        type=SECONDS,
        default=seconds,
        show_default=True,
        metavar="SECONDS",
        help="Longest time without a byte.",
    )


def _from_environment(*flags: str, variable: str, metavar: str, text: str) -> Callable[[Command], Command]:
    return click.option(*flags, envvar=variable, show_envvar=True, metavar=metavar, help=text)


_SIGNER_OPTIONS = (
    _from_environment(
        "--endpoint", "-e", variable="OSS_ENDPOINT", metavar="URL", text="Server; default: OSS of the region."
    ),
    _from_environment("--region", variable="OSS_REGION", metavar="REGION", text="Region, such as cn-hangzhou."),
    _from_environment("--access-key-id", "-i", variable="OSS_ACCESS_KEY_ID", metavar="ID", text="Access key."),
    _from_environment(
        "--access-key-secret",
        "-k",
        variable="OSS_ACCESS_KEY_SECRET",
        metavar="SECRET",
        text="Its secret; the environment keeps it out of lists of processes.",
    ),
    _from_environment(
        "--security-token",
        "--sts-token",
        "-t",
        variable="OSS_SESSION_TOKEN",
        metavar="TOKEN",
        text="Token of a temporary key.",
    ),
    click.option(
        "--addressing-style",
        type=click.Choice(["virtual", "path", "cname"]),
        default="virtual",
        show_default=True,
        help="Where the bucket's name stands. An IP address is always path.",
    ),
    click.option("--path-style", is_flag=True, help="Same as --addressing-style path."),
    click.option("--cname", is_flag=True, help="Same as --addressing-style cname."),
)
signer_options = group_of_options("signer", Signer, _SIGNER_OPTIONS)
"""Gives a command its `signer`."""
connection_options = group_of_options(
    "connection",
    Connection,
    (*_SIGNER_OPTIONS, skip_verify_cert_option, connect_timeout_option, read_timeout_option(20.0)),
)
"""Gives a command its `connection`."""
