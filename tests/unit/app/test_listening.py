"""Sockets on every address that was asked for, with one port."""

import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from ossicle.app.listening import ListeningError, endpoint_of, judge_certificate, listen
from tests.support.tools import need


@contextmanager
def listening(hosts: Sequence[str], port: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(opened) for opened in listen(hosts, port)]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_one_free_port_on_every_address() -> None:
    with listening(["127.0.0.1", "127.0.0.2", "::1"], 0) as sockets:
        ports = {opened.getsockname()[1] for opened in sockets}
        assert len(ports) == 1
        assert ports != {0}
        assert len(sockets) == 2 + has_ipv6()
        for opened in sockets:
            assert not opened.getblocking()
            with socket.create_connection(opened.getsockname()[:2], timeout=5):
                pass


def test_a_port_that_was_asked_for() -> None:
    with listening(["127.0.0.1"], 0) as [first]:
        port = first.getsockname()[1]
    with listening(["127.0.0.1"], port) as [again]:
        assert again.getsockname()[1] == port


def test_a_port_in_use_is_refused_and_nothing_stays_open() -> None:
    with listening(["127.0.0.2"], 0) as [taken]:
        port = taken.getsockname()[1]
        with pytest.raises(ListeningError, match=f"can't listen on port {port}: "):
            listen(["127.0.0.1", "127.0.0.2"], port)
        with listening(["127.0.0.1"], port):
            pass


def test_a_family_that_the_machine_lacks_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket

    def without_ipv6(family: int = -1, *arguments: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported by protocol")
        return real(family, *arguments)

    monkeypatch.setattr(socket, "socket", without_ipv6)
    with listening(["127.0.0.1", "::1"], 0) as sockets:
        assert [opened.family for opened in sockets] == [socket.AF_INET]
    with pytest.raises(ListeningError, match="none of ::1 is an address of this machine"):
        listen(["::1"], 0)


def test_an_ipv6_address_that_the_machine_lacks() -> None:
    with pytest.raises(ListeningError, match="none of 2001:db8::1"):
        listen(["2001:db8::1"], 0)


def test_an_ipv4_address_that_the_machine_lacks() -> None:
    for port in (0, 8880):
        with pytest.raises(ListeningError, match=r"can't listen on 192\.0\.2\.1: it is no address of this machine"):
            listen(["127.0.0.1", "192.0.2.1"], port)


def test_a_name_that_is_no_address() -> None:
    with pytest.raises(ListeningError, match=r"no\.such\.host\.invalid is no address"):
        listen(["no.such.host.invalid"], 0)


def test_no_address_at_all() -> None:
    with pytest.raises(ListeningError):
        listen([], 0)


@pytest.mark.parametrize(
    ("host", "is_tls", "prefix"),
    [
        ("127.0.0.1", False, "http://127.0.0.1:"),
        ("127.0.0.1", True, "https://127.0.0.1:"),
        ("0.0.0.0", False, "http://127.0.0.1:"),
        ("::1", False, "http://[::1]:"),
        ("::", True, "https://[::1]:"),
    ],
)
def test_the_url_that_reaches_it(host: str, prefix: str, *, is_tls: bool) -> None:
    if ":" in host and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with listening([host], 0) as [opened]:
        assert endpoint_of(opened, is_tls=is_tls) == f"{prefix}{opened.getsockname()[1]}"


def test_a_certificate_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ListeningError, match=r"chain\.pem can't be read: No such file"):
        judge_certificate(tmp_path / "chain.pem", tmp_path / "key.pem")
    (tmp_path / "chain.pem").touch()
    with pytest.raises(ListeningError, match=r"key\.pem can't be read: No such file"):
        judge_certificate(tmp_path / "chain.pem", tmp_path / "key.pem")


def test_an_encrypted_key_is_refused_and_not_asked_about(tmp_path: Path) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    command = [need("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-subj", "/CN=a"]
    command += ["-passout", "pass:secret", "-keyout", str(key), "-out", str(chain)]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(ListeningError, match=r"key\.pem is encrypted"):
        judge_certificate(chain, key)


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    for name in ("chain.pem", "key.pem"):
        (tmp_path / name).write_text("not PEM")
    with pytest.raises(ListeningError, match="can't be used for TLS"):
        judge_certificate(tmp_path / "chain.pem", tmp_path / "key.pem")
