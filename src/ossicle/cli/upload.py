"""`ossicle upload`: send a file through a presigned URL. No credentials."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from ossicle.cli.connection import connect_timeout_option, read_timeout_option, skip_verify_cert_option
from ossicle.cli.groups import group_of_options
from ossicle.cli.moving.tasks import Moved
from ossicle.cli.names import parse_headers
from ossicle.cli.output import Output, output_options

if TYPE_CHECKING:
    from ossicle.client.config import Config
    from ossicle.client.failures import ConnectionFailed
    from ossicle.client.upload import UploadResult
    from ossicle.wire.errors import OssError


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the server is reached: a URL names it, and nobody's keys are needed."""

    skip_verify_cert: bool
    connect_timeout: float
    read_timeout: float

    def config(self) -> "Config":
        """Return it as settings of a client."""
        from ossicle.client.config import Config

        return Config(
            connect_timeout=self.connect_timeout,
            readwrite_timeout=self.read_timeout,
            insecure_skip_verify=self.skip_verify_cert,
        )


way_options = group_of_options("way", Way, (skip_verify_cert_option, connect_timeout_option, read_timeout_option(60.0)))


@click.command
@click.argument("url", metavar="URL")
@click.argument("file", metavar="FILE")
@click.option(
    "--header",
    "-H",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Header that the URL was signed with. Repeatable.",
)
@click.option("--no-progress", is_flag=True, help="No progress bar on a terminal either.")
@way_options
@output_options
def upload(*, url: str, file: str, header: tuple[str, ...], no_progress: bool, way: Way, output: Output) -> None:
    """Upload a file through a URL that somebody signed for it. No keys are needed.

    URL is the presigned URL; - reads it from standard input, since other users of a machine can see its command lines. FILE is the
    file; - is standard input.

    Only the headers given are sent, and none that OSS would count besides. The CRC-64 of what the server stored is compared.
    """
    if url == file == "-":
        raise click.BadParameter("URL and FILE can't both come from standard input")
    headers = parse_headers(header)
    result = _upload(sys.stdin.readline() if url == "-" else url, file, headers, way, has_bar=not no_progress)
    output.print_fields(
        {
            "etag": result.etag,
            "crc64": result.hash_crc64,
            "size": result.size,
            "version_id": result.version_id,
            "request_id": result.request_id,
        }
    )


def _upload(url: str, file: str, headers: dict[str, str], way: Way, *, has_bar: bool) -> "UploadResult":
    from ossicle.cli.hints import explained
    from ossicle.client.bodies import SentBody
    from ossicle.client.failures import ConnectionFailed
    from ossicle.client.lazy import LazyTransport
    from ossicle.client.upload import explain_mismatch, parse_url
    from ossicle.client.upload import upload as send
    from ossicle.wire.errors import OssError, SignatureDoesNotMatch

    transport = LazyTransport(way.config(), parse_url(url)[0].scheme)
    try:
        with _opened(file) as source, _progress(source, is_wanted=has_bar) as on_sent:
            return send(url, SentBody(source, on_sent), headers=headers, transport=transport)
    except SignatureDoesNotMatch as error:
        error.add_note(explained(error) or explain_mismatch(error, url, headers))
        raise
    except (OssError, ConnectionFailed) as error:
        if hint := _hint(error):
            error.add_note(hint)
        raise
    finally:
        transport.close()


_OF_SIGNER: Final = {
    "AccessDenied": "the URL may not do this, or not any more; whoever signed it can sign another",
    "InvalidAccessKeyId": "the server does not know the key that signed the URL; whoever signed it can sign another",
    "NoSuchBucket": "the URL names a bucket that is not there; whoever signed it can sign another",
    "SecurityTokenExpired": "the temporary key that signed the URL has ended; whoever signed it can sign another",
}


def _hint(error: "OssError | ConnectionFailed") -> str | None:
    """Return what may help somebody who has a URL, no keys, and no server either."""
    from ossicle.client.failures import ConnectionTimedOut
    from ossicle.wire.errors import OssError

    if isinstance(error, OssError):
        if "signing region" in error.message:
            return "the URL was signed for another region than the server's; whoever signed it can sign another"
        expires = error.details.get("Expires") if error.code == "AccessDenied" else None
        told = f"the URL was good until {expires}; whoever signed it can sign another"
        return told if expires else _OF_SIGNER.get(error.code)
    if isinstance(error, ConnectionTimedOut) or "certificate" in str(error).lower():
        return None
    return "is the address in the URL whole and right, and can this machine reach it? Whoever signed it can tell"


def _opened(file: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb")


@contextmanager
def _progress(source: IO[bytes], *, is_wanted: bool) -> Iterator[Moved]:
    """Show how far it is, on a terminal; elsewhere it would only fill somebody's log."""
    if not (is_wanted and sys.stderr.isatty()):
        yield lambda increment, so_far, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    from ossicle.client.bodies import measure

    columns = (BarColumn(), DownloadColumn(binary_units=True), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("upload", total=measure(source))
        yield lambda increment, so_far, total: bar.update(task, completed=so_far)
