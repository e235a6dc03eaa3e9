"""`ossicle presign`: sign a URL for somebody else to use. Local: no network, no permission, no server."""

import re
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import click

from ossicle.cli.code import LANGUAGES, program_text
from ossicle.cli.connection import Signer, signer_options
from ossicle.cli.curl import curl_line
from ossicle.cli.groups import group_of_options
from ossicle.cli.names import ObjectName, parse_headers, parse_object, parse_pair
from ossicle.cli.output import Output, note, output_options, plain, print_command, print_json

if TYPE_CHECKING:
    from ossicle.client.presign import PresignResult

VERBS: Final = {
    "get": "GetObjectRequest",
    "put": "PutObjectRequest",
    "head": "HeadObjectRequest",
    "delete": "DeleteObjectRequest",
    "initiate": "InitiateMultipartUploadRequest",
    "part": "UploadPartRequest",
    "complete": "CompleteMultipartUploadRequest",
    "abort": "AbortMultipartUploadRequest",
}
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION: Final = re.compile(r"(?:\d{1,9}[smhdw])+")


@dataclass(frozen=True, kw_only=True)
class SignedFields:
    """What the URL is for besides verb and object: fields of the request, by their names there."""

    content_type: str | None
    content_md5: str | None
    storage_class: str | None
    acl: str | None
    forbid_overwrite: bool | None
    version_id: str | None
    upload_id: str | None
    part_number: int | None
    complete_all: str | None
    meta: tuple[str, ...]
    header: tuple[str, ...]
    query_param: tuple[str, ...]

    def given(self) -> dict[str, Any]:
        """Return the fields of a request for the options that were given."""
        found = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in _NAMED}
        found["metadata"] = dict(parse_pair(text, "=", "name=value") for text in self.meta)
        found["headers"] = parse_headers(self.header)
        found["parameters"] = dict(parse_pair(text, "=", "name=value") for text in self.query_param)
        return {name: value for name, value in found.items() if value is not None and value != {}}


_NAMED: Final = ("meta", "header", "query_param")
signed_fields_options = group_of_options(
    "signed",
    SignedFields,
    (
        click.option("--content-type", metavar="TYPE", help="Content-Type that must be sent."),
        click.option("--content-md5", metavar="BASE64", help="Content-MD5 that must be sent."),
        click.option("--storage-class", metavar="CLASS", help="Storage class, such as IA."),
        click.option("--acl", metavar="ACL", help="ACL of the object, such as public-read."),
        click.option("--forbid-overwrite", is_flag=True, default=None, help="Refuse an upload to a key that is taken."),
        click.option("--version-id", metavar="ID", help="Version to read or delete."),
        click.option("--upload-id", metavar="ID", help="Multipart upload, for part, complete and abort."),
        click.option(
            "--part-number", type=click.IntRange(1, 10000), metavar="N", help="Number of the part, 1 to 10000."
        ),
        click.option(
            "--complete-all",
            flag_value="yes",
            default=None,
            help="Complete with all parts that arrived: no list is sent.",
        ),
        click.option(
            "--meta",
            multiple=True,
            metavar="NAME=VALUE",
            help="User metadata that must be sent, as x-oss-meta-NAME. Repeatable.",
        ),
        click.option(
            "--header",
            "-H",
            multiple=True,
            metavar="'NAME: VALUE'",
            help="Header that must be sent; any header can be signed. Repeatable.",
        ),
        click.option("--query-param", multiple=True, metavar="NAME=VALUE", help="Further query parameter. Repeatable."),
    ),
)


@click.command
@click.argument("what", nargs=-1, required=True, metavar="[VERB] oss://BUCKET/KEY")
@click.option(
    "--expires",
    "--expires-duration",
    default="15m",
    show_default=True,
    metavar="TIME",
    help="For how long: 600, 10m, 2h30m, at most 7d (v1: any).",
)
@click.option("--curl", is_flag=True, help="Print a command that a shell runs as it stands.")
@click.option(
    "--code",
    "language",
    type=click.Choice([*LANGUAGES, "curl"]),
    help="With put: print a program that uploads the file it is given. `curl` is --curl.",
)
@click.option(
    "--file",
    metavar="PATH",
    help="With --curl: what to send, or where to write; else standard input, output. With --code: what to send if the program is given no file.",
)
@signed_fields_options
@signer_options
@output_options
def presign(
    *,
    what: tuple[str, ...],
    expires: str,
    curl: bool,
    language: str | None,
    file: str | None,
    signed: SignedFields,
    signer: Signer,
    output: Output,
) -> None:
    """Sign a URL: whoever has it may make this one request, without keys, until it expires.

    VERB is get (the default), put, head, initiate, part, complete or abort.

    Nobody is asked: signing happens here. Whoever sends the request must send the signed headers exactly.
    """
    verb, name = _parse_what(what)
    _check_form(verb, curl=curl, language=language, file=file)
    # A header asked for here is signed even if OSS would not count it otherwise: else the option would have no effect.
    client = signer.client(additional_headers=tuple(parse_headers(signed.header)))
    result = client.presign(_request(verb, name, signed), expires=parse_duration(expires))
    if output.is_json:
        document = {
            "method": result.method,
            "url": result.url,
            "expiration": plain(result.expiration),
            "signed_headers": dict(result.signed_headers),
        }
        print_json(document | _printed(result, verb, curl=curl, language=language, file=file))
    elif curl or language:
        print_command(*_printed(result, verb, curl=curl, language=language, file=file).values())
    else:
        print(result.url)
        if result.signed_headers:
            note("send with it, exactly:")
            for header, value in result.signed_headers.items():
                note(f"  {header}: {value}")


def _check_form(verb: str, *, curl: bool, language: str | None, file: str | None) -> None:
    if language and verb != "put":
        raise click.BadParameter(f"--code goes with put, not with {verb}; --curl goes with all")
    if language and curl:
        raise click.BadParameter("give --curl or --code, not both")
    if file is not None and not (curl or language):
        raise click.BadParameter("--file goes with --curl or --code")


def _printed(
    result: "PresignResult", verb: str, *, curl: bool, language: str | None, file: str | None
) -> dict[str, str]:
    """Return what was asked for, a line for a shell or a program, by its name in JSON."""
    if language and language != "curl":
        return {"code": program_text(result, language, file)}
    if language or curl:
        return {"code" if language else "curl": curl_line(result, verb, file)}
    return {}


def parse_duration(text: str) -> timedelta:
    """Return the time that `600`, `10m` or `2h30m` says; a number alone is seconds."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return timedelta(seconds=int(text))
    if not _DURATION.fullmatch(text):
        raise click.BadParameter(f"--expires {text!r} is not a time such as 600, 10m, 2h30m or 7d")
    parts = re.findall(r"(\d+)([smhdw])", text)
    return timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in parts))


def _parse_what(what: tuple[str, ...]) -> tuple[str, ObjectName]:
    if len(what) > 2:
        raise click.BadParameter(f"one object at a time; {what[2]!r} is too much")
    verb = what[0].lower() if len(what) == 2 else "get"
    if verb not in VERBS:
        raise click.BadParameter(f"{what[0]!r} is none of {', '.join(VERBS)}")
    return verb, parse_object(what[-1])


def _request(verb: str, name: ObjectName, signed: SignedFields) -> Any:
    import ossicle

    kind = getattr(ossicle, VERBS[verb])
    known = {item.name: item for item in fields(kind)}
    given = signed.given()
    for option in given.keys() - known.keys():
        shown = "meta" if option == "metadata" else option.replace("_", "-")
        raise click.BadParameter(f"--{shown} does not go with {verb}; --header signs any header")
    needed = [option for option in ("part_number", "upload_id") if option in known and option not in given]
    if needed:
        raise click.BadParameter(f"{verb} needs {' and '.join('--' + option.replace('_', '-') for option in needed)}")
    return kind(bucket=name.bucket, key=name.key, **given)
