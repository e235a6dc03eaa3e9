"""What the operator can choose, with names, units and defaults; the only place that reads the environment and the settings file.

Precedence: command line, then environment (`OSSICLE_<OPTION>`, repeatable ones in the plural, comma separated), then `--config`
file (TOML, the options' names with underscores), then the default.
"""

import ipaddress
import math
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, get_origin, get_type_hints

from ossicle.app.accounts import Account, AccountError, is_access_key_id, is_uid, parse_accounts
from ossicle.app.master_key import MasterKeyError, parse_master_key
from ossicle.wire.names import AccountId, is_bucket_name

PREFIX: Final = "OSSICLE_"
_REGION: Final = re.compile(r"[a-z0-9-]+")
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")


WORKERS_MAX: Final = 4
"""Of those that nobody asked for: beyond this, processes wait for each other's commits more than they help."""
_HAS_AFFINITY: Final = hasattr(os, "sched_getaffinity")


class SettingsError(Exception):
    """A setting that can't be used; the message names it and where it came from."""


def _option(default: Any, what: str, *, plural: str | None = None) -> Any:
    return field(default=default, metadata={"what": what, "plural": plural})


def _key(default: Any, what: str, *, is_secret: bool = True) -> Any:
    return field(default=default, repr=not is_secret, metadata={"key": what})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Every setting of `ossicle serve`."""

    host: tuple[str, ...] = _option(("127.0.0.1", "::1"), "Address to listen on; repeatable.", plural="hosts")
    port: int = _option(8880, "Port to listen on; 0 takes one free port for every address.")
    data_dir: Path = _option(Path("ossicle-data"), "Folder of the embedded stores; made with mode 0700.")
    workers: int | None = _option(
        None, "Processes that serve the data folder together; default: the processors that may be used, at most 4."
    )
    region: str = _option("cn-hangzhou", "The region that signatures must name.")
    domain: tuple[str, ...] = _option(
        (), "Host name that serves path style and `BUCKET.NAME`; repeatable.", plural="domains"
    )
    cname: tuple[str, ...] = _option((), "`HOST=BUCKET`: a host name that is one bucket; repeatable.", plural="cnames")
    advertise_endpoint: str | None = _option(
        None, "What we call ourselves as `ExtranetEndpoint`; default: the endpoint in use."
    )
    advertise_internal_endpoint: str | None = _option(None, "The same as `IntranetEndpoint`.")
    bucket: tuple[str, ...] = _option((), "Bucket made before the server is ready; repeatable.", plural="buckets")
    ready_file: Path | None = _option(None, 'File that gets `{"endpoint", "pid"}` as JSON once the server is ready.')
    tls_cert: Path | None = _option(None, "Certificate chain, PEM.")
    tls_key: Path | None = _option(None, "Private key of the certificate, PEM.")
    trusted_proxy: tuple[str, ...] = _option(
        (), "CIDR of proxies whose `X-Forwarded-For` is believed; repeatable.", plural="trusted_proxies"
    )
    callback_allow: tuple[str, ...] = _option(
        (),
        "CIDR that upload callbacks may go to although it is not of the public network; repeatable.",
        plural="callback_allows",
    )
    durability: str = _option(
        "full", "`full`: a 200 is on disk. `relaxed`: no fsync, for servers that may be thrown away."
    )
    first_upload: bool = _option(False, "Print a presigned upload line for the first bucket once ready.")
    root_account_id: str = _option("1000000000000001", "UID of the first account, 16 digits.")
    small_body_bytes: int = _option(16 * 1024, "Objects up to this size live in the database, larger ones in files.")
    object_bytes_max: int = _option(5 * 1024**3, "Largest body of one PUT, in bytes.")
    head_bytes: int = _option(64 * 1024, "Largest request head, in bytes.")
    head_seconds: float = _option(10.0, "Longest time for a request head to arrive.")
    body_idle_seconds: float = _option(
        60.0, "Longest pause within a request body, and in a client's reading of an answer."
    )
    keep_alive_seconds: float = _option(60.0, "Longest pause between two requests on a connection.")
    refusal_drain_bytes: int = _option(
        64 * 1024**2, "Body bytes read and dropped after a refusal, so that it can be read."
    )
    refusal_drain_seconds: float = _option(3.0, "Longest time for the same.")
    shutdown_seconds: float = _option(30.0, "How long a stopping server lets requests finish.")
    sts_min_seconds: int = _option(900, "Shortest session of a role that may be asked for; tests want seconds.")
    explain: bool = _option(True, "Refusals name their cause: wrong signatures are followed up, within bounds.")
    access_log: bool = _option(True, "One JSON line a request on standard error.")
    audit_log: Path | None = _option(
        None, "File that gets a JSON line for each request that changes something or is refused: who, what, from where."
    )
    audit_reads: bool = _option(False, "The audit log tells of reads as well.")
    root_access_key_id: str | None = _key(None, "Access key id of the owner, the first account.", is_secret=False)
    root_access_key_secret: str | None = _key(None, "Its secret.")
    accounts: tuple[Account, ...] = _key(
        (),
        "Further accounts, each the owner of its own buckets: `UID:ACCESS_KEY_ID:ACCESS_KEY_SECRET`, separated by commas, or by lines in a file.",
    )
    master_key: bytes | None = _key(
        None,
        "64 hex digits that seal the secrets of RAM users' keys and the tokens of sessions. Without it a random one is made at first need and "
        "kept in `master.key` in the data directory: back it up apart from the database. Who loses it has to make all users' keys anew.",
    )

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise SettingsError(problem)


def options() -> tuple["Field[Any]", ...]:
    """Return the fields that have a flag, in the order of the docs."""
    return tuple(item for item in fields(ServerSettings) if "what" in item.metadata)


def environment_name(option: "Field[Any]") -> str:
    """Return the variable that sets an option."""
    return PREFIX + (option.metadata["plural"] or option.name).upper()


def load_settings(
    flags: Mapping[str, object], environ: Mapping[str, str], *, config: Path | None = None
) -> ServerSettings:
    """Merge flags (only those given, by field name), environment and file.

    Raises:
        SettingsError: a value is not of its type or out of its range, or a file can't be read.
    """
    config = config or _optional_path(environ.get(PREFIX + "CONFIG"))
    from_file = {} if config is None else _read_file(config)
    types = get_type_hints(ServerSettings)
    values: dict[str, Any] = {}
    for option in options():
        name = environment_name(option)
        if flags.get(option.name) is not None:
            values[option.name] = flags[option.name]
        elif environ.get(name):
            values[option.name] = _from_text(types[option.name], environ[name], name)
        elif option.name in from_file:
            values[option.name] = _from_toml(types[option.name], from_file[option.name], f"{option.name} in {config}")
    values["root_access_key_id"] = _secret(environ, "ROOT_ACCESS_KEY_ID")
    values["root_access_key_secret"] = _secret(environ, "ROOT_ACCESS_KEY_SECRET")
    values["accounts"] = _accounts(environ)
    values["master_key"] = _master_key(environ)
    return ServerSettings(**values)


def _optional_path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _read_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    unknown = table.keys() - {option.name for option in options()}
    if unknown:
        raise SettingsError(f"{path}: unknown setting {', '.join(sorted(unknown))}")
    return table


def _from_text(kind: Any, text: str, where: str) -> object:
    if get_origin(kind) is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is bool:
        if text.lower() not in _BOOLEANS:
            raise SettingsError(f"{where}: {text!r} is neither true nor false")
        return _BOOLEANS[text.lower()]
    if kind in _NUMBERS:
        try:
            number: object = _NUMBERS[kind](text)
        except ValueError as error:
            raise SettingsError(f"{where}: {text!r} is not a number") from error
        return number
    return text if kind in (str, str | None) else Path(text)


_NUMBERS: Final[dict[Any, Callable[[str], float]]] = {int: int, int | None: int, float: float}
_BOOLEANS: Final = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}


def _from_toml(kind: Any, value: Any, where: str) -> object:
    is_many = get_origin(kind) is tuple
    if isinstance(value, list) and is_many:
        return tuple(str(part) for part in value)
    if isinstance(value, list | dict) or isinstance(value, bool) != (kind is bool):
        raise SettingsError(f"{where}: {value!r} is not {_KINDS.get(kind, 'text')}")
    return value if kind is bool else _from_text(kind, str(value), where)


_KINDS: Final = {bool: "true or false", **dict.fromkeys(_NUMBERS, "a number")}


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    direct, file = environ.get(PREFIX + name), environ.get(f"{PREFIX}{name}_FILE")
    if direct and file:
        raise SettingsError(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set")
    if file and not (direct := _read_secret(file)):
        raise SettingsError(f"{file}: is empty")
    return direct or None


def _read_secret(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    except ValueError:
        raise SettingsError(f"{file}: is not UTF-8") from None  # the cause would show bytes of a secret


def _master_key(environ: Mapping[str, str]) -> bytes | None:
    text = _secret(environ, "MASTER_KEY")
    try:
        return None if text is None else parse_master_key(text)
    except MasterKeyError as error:
        raise SettingsError(f"{PREFIX}MASTER_KEY: {error}") from error


def _accounts(environ: Mapping[str, str]) -> tuple[Account, ...]:
    file, inline = environ.get(PREFIX + "ACCOUNTS_FILE"), environ.get(PREFIX + "ACCOUNTS")
    if file and inline:
        raise SettingsError(f"{PREFIX}ACCOUNTS and {PREFIX}ACCOUNTS_FILE are both set")
    text = _read_secret(file) if file else inline or ""
    try:
        return parse_accounts(text)
    except AccountError as error:
        raise SettingsError(f"{PREFIX}ACCOUNTS: {error}") from error


def _problems(settings: ServerSettings) -> list[str]:
    """Return what is wrong, in words for the operator."""
    found = [
        f"{item.name} must be a number greater than 0"
        for item in options()
        if _is_out_of_range(item, getattr(settings, item.name))
    ]
    found += [*_name_problems(settings), *_account_problems(settings)]
    if not 0 <= settings.port <= 65535:
        found.append(f"port {settings.port} is not between 0 and 65535")
    if settings.durability not in ("full", "relaxed"):
        found.append(f"durability {settings.durability!r} is neither full nor relaxed")
    if (settings.tls_cert is None) != (settings.tls_key is None):
        found.append("tls_cert and tls_key go together")
    if settings.audit_log == Path("-"):
        found.append("audit_log must be a file: standard output is for what the server says of itself")
    if settings.audit_reads and settings.audit_log is None:
        found.append("audit_reads needs an audit_log")
    if settings.first_upload and not settings.bucket:
        found.append("first_upload needs a bucket")
    return found


def _name_problems(settings: ServerSettings) -> list[str]:
    found = [f"bucket {name!r} is not a bucket name" for name in settings.bucket if not is_bucket_name(name)]
    found += [f"domain {name!r} is not a host name" for name in settings.domain if not _HOST_NAME.fullmatch(name)]
    found += [f"cname {text!r} is not HOST=BUCKET" for text in settings.cname if not _is_cname(text)]
    found += [f"trusted_proxy {text!r} is not a CIDR" for text in settings.trusted_proxy if not _is_cidr(text)]
    found += [f"callback_allow {text!r} is not a CIDR" for text in settings.callback_allow if not _is_cidr(text)]
    if not _REGION.fullmatch(settings.region):
        found.append(f"region {settings.region!r} is not lower-case letters, digits and hyphens")
    return found


def _account_problems(settings: ServerSettings) -> list[str]:
    found = []
    if (settings.root_access_key_id is None) != (settings.root_access_key_secret is None):
        found.append(f"{PREFIX}ROOT_ACCESS_KEY_ID and {PREFIX}ROOT_ACCESS_KEY_SECRET go together")
    if settings.root_access_key_id is not None and not is_access_key_id(settings.root_access_key_id):
        found.append(f"{PREFIX}ROOT_ACCESS_KEY_ID holds a slash, a comma or white space")
    if settings.root_access_key_id in {account.access_key_id for account in settings.accounts}:
        found.append("an account has the access key id of the root account")
    if not is_uid(settings.root_account_id):
        found.append("root_account_id must have 16 digits")
    return found


def _is_out_of_range(option: "Field[Any]", value: object) -> bool:
    if option.name == "port" or option.default is MISSING or isinstance(value, bool):
        return False
    return isinstance(value, int | float) and not 0 < value < math.inf


def _is_cname(text: str) -> bool:
    host, _, bucket = text.partition("=")
    return bool(host) and is_bucket_name(bucket)


def _is_cidr(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def worker_count(settings: ServerSettings) -> int:
    """Return how many processes are to serve."""
    return settings.workers or min(len(os.sched_getaffinity(0)) if _HAS_AFFINITY else os.cpu_count() or 1, WORKERS_MAX)


def root_account(settings: ServerSettings) -> AccountId:
    """Return the first account's UID."""
    return AccountId(settings.root_account_id)
