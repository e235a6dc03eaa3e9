"""The sockets a server listens on: several addresses, one port."""

import errno
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ossicle.app.failures import StartError

_BACKLOG: Final = 2048
_ATTEMPTS: Final = 20
_NO_ADDRESS: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


class ListeningError(StartError):
    """No address can be listened on, or one that was asked for can't."""


def listen(hosts: Sequence[str], port: int) -> list[socket.socket]:
    """Return listening sockets on every host that this machine has; port 0 takes one port that is free on all of them.

    Raises:
        ListeningError: an address is in use, or none could be taken.
    """
    for _ in range(_ATTEMPTS):
        try:
            return _listen_on_all(hosts, port)
        except OSError as error:
            if port != 0 or error.errno != errno.EADDRINUSE:
                raise ListeningError(f"can't listen on port {port}: {error.strerror or error}") from error
    raise ListeningError("found no port that is free on every address")


def _listen_on_all(hosts: Sequence[str], port: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        for host in hosts:
            family, address = _address(host)
            listening = _listen_on(family, address, port or _port_of(sockets))
            if listening is not None:
                sockets.append(listening)
    except (OSError, ListeningError):
        for opened in sockets:
            opened.close()
        raise
    if not sockets:
        raise ListeningError(f"none of {', '.join(hosts)} is an address of this machine")
    return sockets


def _address(host: str) -> tuple[socket.AddressFamily, str]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise ListeningError(f"{host} is no address: {error.strerror}") from error
    return family, str(address[0])


def _port_of(sockets: Sequence[socket.socket]) -> int:
    return int(sockets[0].getsockname()[1]) if sockets else 0


def _listen_on(family: socket.AddressFamily, address: str, port: int) -> socket.socket | None:
    """Return a listening socket; None when the machine lacks the family, as many containers lack IPv6."""
    try:
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((address, port))
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        if error.errno not in _NO_ADDRESS:
            raise
        if family is socket.AF_INET6:
            return None
        raise ListeningError(f"can't listen on {address}: it is no address of this machine") from error
    return listening


def judge_certificate(certificate: Path, key: Path) -> None:
    """Refuse a certificate chain and key that TLS could not be served with.

    Raises:
        ListeningError: a file can't be read, is not PEM or encrypted, or the two do not belong together.
    """

    def refuse_encrypted() -> str:
        # Without this OpenSSL would ask on the terminal, and a service would wait there for ever.
        raise ListeningError(f"{key} is encrypted; a key without a passphrase is needed")

    for file in (certificate, key):
        try:
            file.open("rb").close()
        except OSError as error:
            raise ListeningError(f"{file} can't be read: {error.strerror or error}") from error
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, refuse_encrypted)
    except OSError as error:
        raise ListeningError(f"{certificate} and {key} can't be used for TLS: {error}") from error


def endpoint_of(listening: socket.socket, *, is_tls: bool) -> str:
    """Return the URL that reaches a socket from this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound
    authority = f"[{host}]" if ":" in host else host
    return f"{'https' if is_tls else 'http'}://{authority}:{port}"
