"""The mistakes with the method, and those that change method and type at once."""

from collections.abc import Iterator
from typing import Final

from ossicle.wire.explain.attempt import Attempt, Suspicion
from ossicle.wire.explain.mistakes.content_types import NAME, likely_types, with_type
from ossicle.wire.text import decode

METHODS: Final = ("PUT", "GET", "POST", "DELETE", "HEAD")
_FORM: Final = b"application/x-www-form-urlencoded"
_MULTIPART: Final = b"multipart/form-data"


def suspect_form(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that a form was posted in place of a file, which changes method and type at once."""
    kind = start.request.headers.get(NAME) or b""
    if start.request.method != "POST" or not kind.startswith((_FORM, _MULTIPART)):
        return
    cause, put = "curl-data" if kind.startswith(_FORM) else "posted-form", start.with_method("PUT")
    plain = {"sent": decode(kind), "signed": "PUT without a Content-Type", "how": ""}
    yield Suspicion(cause=cause, attempt=with_type(put, None), facts=plain)
    for signed in likely_types(start):
        name = f"Content-Type: {decode(signed)}"
        facts = {"sent": decode(kind), "signed": f"PUT with {name}", "how": f" -H '{name}'"}
        yield Suspicion(cause=cause, attempt=with_type(put, signed), facts=facts)


def suspect_method(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that another method was signed."""
    sent = start.request.method
    for signed in METHODS:
        if signed != sent:
            cause = "method-head" if (sent, signed) == ("HEAD", "GET") else "method"
            yield Suspicion(cause=cause, attempt=start.with_method(signed), facts={"sent": sent, "signed": signed})
