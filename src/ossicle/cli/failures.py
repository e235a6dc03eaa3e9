"""How a failure is told: one line on standard error, a hint below it where there is one, and an exit status."""

import click

from ossicle.cli.output import note

DONE, FAILED, NOT_UNDERSTOOD, INTERRUPTED = 0, 1, 2, 130


def tell(error: Exception) -> int:
    """Print what went wrong, and return the exit status. Notes on the error are its hints."""
    from ossicle.client.failures import ClientError, ConfigError, CredentialsError, ParameterError
    from ossicle.wire.errors import OssError

    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return NOT_UNDERSTOOD
    status = FAILED
    if isinstance(error, click.ClickException):
        status, message = NOT_UNDERSTOOD, _usage(error)
    elif isinstance(error, OssError):
        message = str(error).rstrip(".") + (f"; request id {error.request_id}" if error.request_id else "")
    elif isinstance(error, ConfigError | CredentialsError | ParameterError):
        status, message = NOT_UNDERSTOOD, str(error)
    elif isinstance(error, ClientError):
        message = str(error)
    elif isinstance(error, OSError) and error.strerror:
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    else:
        message = f"unexpected {type(error).__name__}: {error}; please report this"
    note(f"ossicle: {one_line(message)}")
    for hint in getattr(error, "__notes__", ()):
        note(f"hint: {one_line(hint)}")
    return status


def one_line(text: str) -> str:
    """Return text that stays on its line."""
    return " ".join(text.split())


def _usage(error: click.ClickException) -> str:
    """Return what was not understood, with the way to the help of the command that it is about."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "ossicle"
    return f"{error.format_message()} (see: {command} --help)"
