"""How a failure is told: one line on standard error, a hint below it where there is one, and an exit status.

With `--json` the line is an object `error`, with the hints in it.
"""

import sys

import click

from ossicle.cli.output import json_text, note

DONE, FAILED, NOT_UNDERSTOOD, INTERRUPTED = 0, 1, 2, 130


def tell(error: Exception, *, as_json: bool = False) -> int:
    """Print what went wrong, and return the exit status. Notes on the error are its hints."""
    from ossicle.wire.errors import OssError

    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return NOT_UNDERSTOOD
    status, message = _described(error)
    hints = [one_line(hint) for hint in getattr(error, "__notes__", ())]
    if as_json:
        refusal = error if isinstance(error, OssError) else None
        facts = {
            "code": refusal.code if refusal else _kind(error),
            "status": refusal.status if refusal else None,
            "message": one_line(refusal.message if refusal else message),
            "request_id": refusal.request_id or None if refusal else None,
        }
        note(json_text({"error": {**facts, "hints": hints}}, sys.stderr.encoding))
        return status
    note(f"ossicle: {one_line(message)}")
    for hint in hints:
        note(f"hint: {hint}")
    return status


def _described(error: Exception) -> tuple[int, str]:
    """Return the exit status and the message."""
    from ossicle.client.failures import ClientError, ConfigError, CredentialsError, ParameterError
    from ossicle.wire.errors import OssError

    if isinstance(error, click.ClickException):
        return NOT_UNDERSTOOD, _usage(error)
    if isinstance(error, OssError):
        return FAILED, str(error).rstrip(".") + (f"; request id {error.request_id}" if error.request_id else "")
    if isinstance(error, ConfigError | CredentialsError | ParameterError):
        return NOT_UNDERSTOOD, str(error)
    if isinstance(error, ClientError):
        return FAILED, str(error)
    if isinstance(error, OSError) and error.strerror:
        return FAILED, f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return FAILED, f"unexpected {type(error).__name__}: {error}; please report this"


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
