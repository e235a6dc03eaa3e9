"""How a failure is told: one line on standard error, a hint below it where there is one, and an exit status.

With `--json` the line is an object `error`, with the hints in it.
"""

import sys

import click

from ossicle.cli.output import json_text, note

DONE, FAILED, NOT_UNDERSTOOD, INTERRUPTED = 0, 1, 2, 130


def tell(error: Exception, *, as_json: bool = False) -> int:
    """Print what went wrong, and return the exit status. Notes on the error are its hints."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return NOT_UNDERSTOOD
    status, message = _described(error)
    if as_json:
        note(json_text({"error": describe_as_json(error)}, sys.stderr.encoding))
        return status
    note(f"ossicle: {one_line(message)}")
    for hint in hints(error):
        note(f"hint: {hint}")
    return status


def tell_of(action: str, source: str, error: Exception, *, as_json: bool = False) -> None:
    """Print what went wrong with one of many; its hints would be told as often."""
    if as_json:
        found = {"action": action, "source": source, **describe_as_json(error)}
        note(json_text({"error": found}, sys.stderr.encoding))
    else:
        note(f"ossicle: {action} {source}: {describe(error)}")


def describe(error: Exception) -> str:
    """Return what went wrong in one line, without hints."""
    return one_line(_described(error)[1])


def describe_as_json(error: Exception) -> dict[str, object]:
    """Return what went wrong for a program."""
    from ossicle.wire.errors import OssError

    cause = _cause(error)
    refusal = cause if isinstance(cause, OssError) else None
    return {
        "code": refusal.code if refusal else _kind(cause),
        "status": refusal.status if refusal else None,
        "message": one_line(refusal.message if refusal else _described(error)[1]),
        "request_id": refusal.request_id or None if refusal else None,
        "hints": hints(error),
    }


def hints(error: Exception) -> list[str]:
    """Return what may help: notes on the error, and what is known of its code."""
    from ossicle.cli.hints import hint_of

    cause = _cause(error)
    found = [one_line(hint) for each in {id(error): error, id(cause): cause}.values() for hint in _notes(each)]
    known = hint_of(cause)
    return found if known is None else [*found, known]


def may_pass(error: Exception) -> bool:
    """Whether the same command may well succeed later: the connection is back, the disk has room, the server is well."""
    from ossicle.client.retry import is_transient
    from ossicle.wire.errors import OssError

    cause = _cause(error)
    return is_transient(cause) if isinstance(cause, OssError) else isinstance(cause, OSError)


def is_about_all(error: Exception, *, is_first: bool) -> bool:
    """Whether a failure is hardly about one file: what comes after it will fail as well.

    Args:
        is_first: nothing has succeeded yet. Later on, a refusal may be about some of the keys.
    """
    from ossicle.client.failures import ConnectionFailed
    from ossicle.wire.errors import AccessDenied, InvalidAccessKeyId, NoSuchBucket, SignatureDoesNotMatch

    cause = _cause(error)
    if isinstance(cause, AccessDenied):
        return is_first
    return isinstance(cause, ConnectionFailed | InvalidAccessKeyId | NoSuchBucket | SignatureDoesNotMatch)


def _notes(error: Exception) -> list[str]:
    return list(getattr(error, "__notes__", ()))


def _cause(error: Exception) -> Exception:
    """Return the failure that a transfer met, or else the error itself."""
    unwrap = getattr(error, "unwrap", None)
    found = unwrap() if callable(unwrap) else None
    return found if isinstance(found, Exception) else error


def _described(error: Exception) -> tuple[int, str]:
    """Return the exit status and the message."""
    from ossicle.client.failures import ClientError, ConfigError, CredentialsError, ParameterError
    from ossicle.wire.errors import OssError

    error = _cause(error)
    if isinstance(error, click.ClickException):
        return NOT_UNDERSTOOD, _usage(error)
    if isinstance(error, OssError):
        return FAILED, str(error).rstrip(".") + (f"; request id {error.request_id}" if error.request_id else "")
    if isinstance(error, ConfigError | CredentialsError | ParameterError):
        return NOT_UNDERSTOOD, str(error)
    if isinstance(error, ClientError | Refused):
        return FAILED, str(error)
    if isinstance(error, OSError) and error.strerror:
        return FAILED, f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return FAILED, f"unexpected {type(error).__name__}: {error}; please report this"


class Refused(Exception):
    """What this program refuses to do, with a reason that explains itself."""


class Interrupted(Refused):
    """Ctrl-C ended it; the message says how to go on."""


class GaveUp(Refused):
    """Too many failed one after another for a reason that all of them share."""


def _kind(error: Exception) -> str:
    return "UsageError" if isinstance(error, click.ClickException) else type(error).__name__


def one_line(text: str) -> str:
    """Return text that stays on its line."""
    return " ".join(text.split())


def _usage(error: click.ClickException) -> str:
    """Return what was not understood, with the way to the help of the command that it is about."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "ossicle"
    return f"{error.format_message()} (see: {command} --help)"
