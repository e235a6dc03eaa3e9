"""The command line: reads arguments, prints results.

Rules of the room:

1. Data goes to standard output; messages, progress and questions go to standard error.
2. Exit 0 is done, 1 is refused or failed, 2 is a command that was not understood.
3. A command imports what it needs when it runs: start-up is felt.
4. Nothing is decided here. Commands call `client`; `serve` calls `app`.
5. A presigned URL, a signature or a secret is printed only by the command that was asked for it.
"""

from ossicle.cli.program import main

__all__ = ["main"]
