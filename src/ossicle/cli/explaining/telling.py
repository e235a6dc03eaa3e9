"""A judgement as a person reads it, and as a program does."""

from collections.abc import Iterator
from datetime import datetime

from ossicle.cli.explaining.judging import Judgement
from ossicle.cli.explaining.validity import Validity, span_text
from ossicle.cli.output import plain
from ossicle.wire.http import Resource
from ossicle.wire.signing import AnyClaim, DatedClaim, Version
from ossicle.wire.text import decode, legible


def lines_of(found: Judgement) -> Iterator[tuple[str, str]]:
    """Give what is told, each with what it is called; a name of "" goes on with the one before."""
    method = found.request.method if found.is_method_known or found.fits else "any method"
    yield "request", f"{method} {_resource_text(found.resource)} at {legible(decode(found.request.host))}"
    if found.claim is not None:
        yield "signed", _signed_text(found.claim)
    if found.validity is not None:
        yield "valid", _validity_text(found.validity, found.at)
    if found.claim is not None:
        headers = [f"{name}: {value}" for name, value in found.signed_headers]
        named = "send with it" if found.fits else "sent and signed"
        yield named, headers[0] if headers else "no Content-Type, no Content-MD5, no x-oss-* header"
        yield from (("", line) for line in headers[1:])
    yield "signature", {True: "fits", False: "does not fit", None: "not judged"}[found.fits]
    for cause in found.causes:
        yield "cause", cause.text
        yield "fix", cause.fix
    for remark in found.remarks:
        yield "remark", remark


def document_of(found: Judgement) -> dict[str, object]:
    """Return the same for a program."""
    claim, validity = found.claim, found.validity
    return {
        "let_in": found.is_let_in,
        "fits": found.fits,
        "method": found.request.method if found.is_method_known or found.fits else None,
        "host": legible(decode(found.request.host)),
        "bucket": found.resource.bucket,
        "key": None if found.resource.key is None else legible(decode(found.resource.key)),
        "signature": None
        if claim is None
        else {
            "version": _version(claim).value,
            "access_key_id": legible(claim.access_key_id),
            "region": None if isinstance(claim, DatedClaim) else legible(claim.scope.region),
            "has_token": claim.security_token is not None,
            "valid_from": _plain(validity.start) if validity else None,
            "valid_until": _plain(validity.end) if validity else None,
            "signed_headers": dict(found.signed_headers),
        },
        "causes": [{"name": cause.name, "text": cause.text, "fix": cause.fix} for cause in found.causes],
        "remarks": list(found.remarks),
    }


def _plain(moment: datetime | None) -> str | None:
    return None if moment is None else plain(moment)


def _resource_text(resource: Resource) -> str:
    if resource.bucket is None:
        return "the service"
    return f"oss://{resource.bucket}/{legible(decode(resource.key or b''))}"


def _version(claim: AnyClaim) -> Version:
    return claim.version if isinstance(claim, DatedClaim) else Version.V4


def _signed_text(claim: AnyClaim) -> str:
    is_url = claim.signed_at is None if isinstance(claim, DatedClaim) else claim.expires_seconds is not None
    text = (
        f"{_version(claim).name} in {'the URL' if is_url else 'a header'} by access key {legible(claim.access_key_id)}"
    )
    if not isinstance(claim, DatedClaim):
        text += f", for {legible(claim.scope.region)}"
    return text + (", with a security token" if claim.security_token else "")


def _validity_text(validity: Validity, at: datetime) -> str:
    if validity.end is None:
        return "for ever: its end is no date"
    if validity.is_over(at):
        return f"until {plain(validity.end)}, {span_text(at - validity.end)} before {plain(at)}"
    if validity.is_ahead(at):
        return f"from {plain(validity.start)}, in {span_text((validity.start or at) - at)}, until {plain(validity.end)}"
    return f"until {plain(validity.end)}, for another {span_text(validity.end - at)}"
