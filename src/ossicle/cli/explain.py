"""`ossicle explain`: why a signed request is refused. Local: nothing is sent."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ossicle.cli.connection import Signer, signer_options
from ossicle.cli.failures import DONE, FAILED
from ossicle.cli.names import parse_pair
from ossicle.cli.output import Output, output_options, print_json, printable

if TYPE_CHECKING:
    from ossicle.cli.explaining.sent import Sent

STDIN = "-"


@click.command
@click.argument("url", required=False, metavar="[URL|-]")
@click.option("--method", "-X", metavar="METHOD", help="Of the request; without it, the one that the signature is for.")
@click.option(
    "--header", "-H", multiple=True, metavar="'NAME: VALUE'", help="Header that is sent with the URL. Repeatable."
)
@click.option("--curl", metavar="COMMAND", help="A curl command in place of a URL, as it stands; - reads it.")
@click.option(
    "--har",
    type=click.Path(path_type=Path, allow_dash=True, exists=True, dir_okay=False),
    metavar="FILE",
    help="A HAR file in place of a URL: its first signed request that failed.",
)
@click.option("--bucket", metavar="BUCKET", help="The bucket, where the host of the URL is its own (CNAME).")
@click.option(
    "--at", metavar="TIME", help="Judge as of 2026-01-02T03:04:05Z.  [default: now; with --har, when it was sent]"
)
@signer_options
@output_options
def explain(
    *,
    url: str | None,
    method: str | None,
    header: tuple[str, ...],
    curl: str | None,
    har: Path | None,
    bucket: str | None,
    at: str | None,
    signer: Signer,
    output: Output,
) -> int:
    """Say whether a signature fits a request, until when it is valid, what has to be sent with it, or what is wrong and how to mend it.

    The request is judged with your keys as a server would, and also if it is for the real OSS. Nothing is sent. `-` in place of the URL
    reads it from standard input, so that it stands in no list of processes.

    Exit status: 0 the signature fits, 1 it does not, or not now, 2 not understood.
    """
    from ossicle.cli.explaining.judging import judge
    from ossicle.cli.explaining.keys import find_keys
    from ossicle.cli.explaining.place import Place
    from ossicle.cli.explaining.telling import document_of, lines_of
    from ossicle.cli.explaining.unreadable import Unreadable

    settings = {name: value for name, (value, _) in signer.settings().items()}
    place = Place(endpoint=settings.get("endpoint"), region=settings.get("region"), bucket=bucket)
    try:
        sent = _read(url=url, method=method, headers=header, curl=curl, har=har)
        found = judge(sent, find_keys(signer), place, _moment(at) or sent.sent_at or datetime.now(UTC))
    except Unreadable as error:
        raise click.UsageError(str(error)) from None
    if output.is_json:
        print_json(document_of(found))
    else:
        for name, text in lines_of(found):
            print(printable(f"{name:17}{text}"))
    return DONE if found.is_let_in else FAILED


def _read(
    *, url: str | None, method: str | None, headers: tuple[str, ...], curl: str | None, har: Path | None
) -> "Sent":
    from ossicle.cli.explaining.curl_command import parse_curl
    from ossicle.cli.explaining.har import parse_har
    from ossicle.cli.explaining.sent import Sent

    if sum(given is not None for given in (url, curl, har)) != 1:
        raise click.UsageError("give one of URL, --curl and --har")
    if (method or headers) and url is None:
        raise click.UsageError("--method and --header go with a URL; --curl and --har have their own")
    if curl is not None:
        return parse_curl(sys.stdin.read() if curl == STDIN else curl)
    if har is not None:
        return parse_har(sys.stdin.buffer.read() if str(har) == STDIN else har.read_bytes())
    pairs = tuple(parse_pair(text, ":", "Name: value") for text in headers)
    return Sent(url=(sys.stdin.read() if url == STDIN else url or "").strip(), method=method, headers=pairs)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"--at {text!r} is not a time such as 2026-01-02T03:04:05Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
