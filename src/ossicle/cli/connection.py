"""The options that say which server a command speaks to, and as whom.

Each comes from a flag, else from the environment, else from a profile. Id, secret and token come from one place together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from ossicle.cli.groups import Command, group_of_options

if TYPE_CHECKING:
    from ossicle.cli.profiles import Profile
    from ossicle.client.admin import AdminClient
    from ossicle.client.config import Config
    from ossicle.client.credentials import StaticCredentialsProvider
    from ossicle.client.sync import Client

_IDENTITY: Final = ("access-key-id", "access-key-secret", "security-token")


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Which server, which region, whose keys: all that a signature takes."""

    endpoint: str | None
    region: str | None
    access_key_id: str | None
    access_key_secret: str | None = field(repr=False)
    security_token: str | None = field(repr=False)
    addressing_style: str | None
    path_style: bool
    cname: bool
    sign_version: str
    profile: str | None
    config_file: Path | None

    def config(self, additional_headers: tuple[str, ...] = ()) -> "Config":
        """Return the settings of a client.

        Raises:
            ConfigError: there is no such profile, its file can't be understood, or nothing says which region.
            CredentialsError: id or secret is missing, or they come from two places; the message names it.
        """
        from ossicle.client.config import Config
        from ossicle.client.failures import ConfigError

        values = {key: value for key, (value, _) in self.settings().items()}
        if not values.get("region") and self.sign_version == "v4":
            error = ConfigError("no region: --region (OSS_REGION) names it, such as cn-hangzhou")
            error.add_note("`ossicle config set region` keeps it in a profile")
            raise error
        return Config(
            region=values.get("region"),
            endpoint=values.get("endpoint"),
            credentials_provider=_credentials(values),
            signature_version=self.sign_version,
            use_path_style=values["addressing-style"] == "path",
            use_cname=values["addressing-style"] == "cname",
            additional_headers=additional_headers,
        )

    def client(self, additional_headers: tuple[str, ...] = ()) -> "Client":
        """Return a client; it opens a connection when one is needed."""
        from ossicle.client.sync import Client

        return Client(self.config(additional_headers))

    def settings(self) -> dict[str, tuple[str, str]]:
        """Return every setting that has a value, and where it comes from.

        Raises:
            ConfigError: there is no such profile, or its file can't be understood.
            CredentialsError: id and secret come from a flag and the environment.
        """
        given = self._given()
        profile = self._profile(given)
        has_identity = any(key in given for key in _IDENTITY)
        found = {
            key: (value, f"{profile.source} [{profile.name}]")
            for key, value in profile.values.items()
            if key not in _IDENTITY or not has_identity
        }
        found.setdefault("addressing-style", ("virtual", "default"))
        return found | given

    def _profile(self, given: Mapping[str, object]) -> "Profile":
        from ossicle.cli.profiles import NOTHING, find_profile

        is_complete = {"endpoint", "region", "access-key-id", "access-key-secret"} <= given.keys()
        if is_complete and self.profile is None and self.config_file is None:
            return NOTHING  # a file that nobody needs is not opened
        return find_profile(self.profile, self.config_file)

    def _given(self) -> dict[str, tuple[str, str]]:
        """Return what flags and environment say."""
        style = "path" if self.path_style else "cname" if self.cname else self.addressing_style
        values = {
            "endpoint": self.endpoint,
            "region": self.region,
            "access-key-id": self.access_key_id,
            "access-key-secret": self.access_key_secret,
            "security-token": self.security_token,
            "addressing-style": style,
        }
        return _of_one_place({key: (value, _where(key)) for key, value in values.items() if value})


def _where(key: str) -> str:
    """Return the flag or variable that a value came with."""
    context = click.get_current_context(silent=True)
    name = key.replace("-", "_")
    if context is not None and context.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
        return next(str(option.envvar) for option in context.command.params if option.name == name)
    return f"--{key}"


def _of_one_place(given: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return what is given without a token of the environment, where id and secret are flags.

    Raises:
        CredentialsError: one is a flag, and what belongs to it is in the environment: they may be of two keys.
    """
    from ossicle.client.failures import CredentialsError

    identity = {key: given[key][1] for key in _IDENTITY if key in given}
    others = [key for key, where in identity.items() if not where.startswith("--")]
    flags = [where for where in identity.values() if where.startswith("--")]
    if not flags or not others:
        return given
    if others == ["security-token"]:
        return {key: value for key, value in given.items() if key not in others}
    variables = " and ".join(identity[key] for key in others)
    raise CredentialsError(
        f"{' and '.join(flags)} with {variables} from the environment: id, secret and token have to come from one place"
    )


def _credentials(values: Mapping[str, str]) -> "StaticCredentialsProvider":
    from ossicle.client.credentials import StaticCredentialsProvider
    from ossicle.client.failures import CredentialsError

    access_key_id, access_key_secret = values.get("access-key-id"), values.get("access-key-secret")
    if access_key_id and access_key_secret:
        return StaticCredentialsProvider(access_key_id, access_key_secret, values.get("security-token"))
    parts = (
        ("--access-key-id (OSS_ACCESS_KEY_ID)", access_key_id),
        ("--access-key-secret (OSS_ACCESS_KEY_SECRET)", access_key_secret),
    )
    error = CredentialsError(f"missing {' and '.join(option for option, value in parts if not value)}")
    error.add_note("`ossicle config` keeps them in a profile")
    raise error


@dataclass(frozen=True, kw_only=True)
class Connection(Signer):
    """The same, and how the server is reached."""

    skip_verify_cert: bool
    connect_timeout: float
    read_timeout: float
    proxy: str | None = field(repr=False)
    retry_times: int

    def config(self, additional_headers: tuple[str, ...] = ()) -> "Config":
        """See `Signer.config`."""
        return replace(
            super().config(additional_headers),
            insecure_skip_verify=self.skip_verify_cert,
            connect_timeout=self.connect_timeout,
            readwrite_timeout=self.read_timeout,
            proxy_host=self.proxy,
            retry_max_attempts=self.retry_times + 1,
        )

    def admin(self) -> "AdminClient":
        """Return a client of the administration; it opens a connection when one is needed."""
        from ossicle.client.admin import AdminClient

        return AdminClient(self.config())


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
        help="Where the bucket's name stands. An IP address is always path.  [default: virtual]",
    ),
    click.option("--path-style", is_flag=True, help="Same as --addressing-style path."),
    click.option("--cname", is_flag=True, help="Same as --addressing-style cname."),
    click.option(
        "--sign-version",
        type=click.Choice(["v1", "v4"]),
        default="v4",
        show_default=True,
        help="Signature; v1 names no region and signs little of a query.",
    ),
    _from_environment(
        "--profile", "-p", variable="OSSICLE_PROFILE", metavar="NAME", text="Profile for what is not given above."
    ),
    click.option(
        "--config-file",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="PATH",
        help="File of profiles.  [default: ~/.ossicle.toml]",
    ),
)
_NETWORK_OPTIONS = (
    click.option("--proxy", metavar="URL", help="Proxy for every connection: http://[USER:PASSWORD@]HOST[:PORT]."),
    click.option(
        "--retry-times",
        type=click.IntRange(0, 100),
        default=2,
        show_default=True,
        metavar="N",
        help="How often a request is sent again when the fault may pass.",
    ),
)
signer_options = group_of_options("signer", Signer, _SIGNER_OPTIONS)
"""Gives a command its `signer`."""
connection_options = group_of_options(
    "connection",
    Connection,
    (*_SIGNER_OPTIONS, skip_verify_cert_option, connect_timeout_option, read_timeout_option(20.0), *_NETWORK_OPTIONS),
)
"""Gives a command its `connection`."""
