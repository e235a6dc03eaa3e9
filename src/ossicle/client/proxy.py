"""The way out through an HTTP proxy, as the settings name it."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from ossicle.client.failures import ConfigError

_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Where a proxy is and who asks it; `credentials` are user and password."""

    scheme: str
    host: str
    port: int
    credentials: tuple[str, str] | None = field(repr=False)


def parse_proxy(text: str | None) -> Proxy | None:
    """Return the proxy that `http[s]://[USER:PASSWORD@]HOST[:PORT]` names, or None without text.

    Raises:
        ConfigError: it is something else. The message does not repeat it: there may be a password in it.
    """
    if not text:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port
    except ValueError:
        raise _refused() from None  # it repeats what stands where the port should, which may be a piece of the password
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _refused()
    credentials = None if parts.username is None else (unquote(parts.username), unquote(parts.password or ""))
    return Proxy(scheme=parts.scheme, host=parts.hostname, port=port or _PORTS[parts.scheme], credentials=credentials)


def _refused() -> ConfigError:
    return ConfigError("proxy_host is not http://[USER:PASSWORD@]HOST[:PORT]")
