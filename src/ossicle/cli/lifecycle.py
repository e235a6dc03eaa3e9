"""`ossicle lifecycle`: carry out the lifecycles of all buckets of a data directory, now or as if it were another time."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ossicle.cli.failures import DONE, FAILED, Refused, tell_of
from ossicle.cli.output import Output, note, output_options, print_json, print_table

if TYPE_CHECKING:
    from ossicle.services.lifecycles import Tally


@click.command
@click.argument("action", type=click.Choice(["run"]))
@click.option("--data-dir", type=click.Path(path_type=Path), help="The data directory of a server that does not run.")
@click.option("--config", type=click.Path(path_type=Path), help="The server's settings file, for its data directory.")
@click.option("--at", metavar="TIME", help="Do what is due at this time, as 2026-12-31T00:00:00Z; now is the default.")
@click.option("--dry-run", is_flag=True, help="Change nothing, and tell what would be done.")
@output_options
def lifecycle(
    *, action: str, data_dir: Path | None, config: Path | None, at: str | None, dry_run: bool, output: Output
) -> int:
    """Do what is due by the lifecycles of all buckets, in a data directory that no server has open.

    A server does so by itself, every midnight UTC. A line is printed for each bucket, rule and effect.
    A bucket that fails keeps no other from its turn: it is told in the end, and the exit status is 1.
    """
    import asyncio
    import os

    del action  # there is one

    from ossicle.app.lifecycle import run_lifecycles
    from ossicle.app.settings import SettingsError, load_settings
    from ossicle.ports import StoreUnavailable

    moment = datetime.now(UTC) if at is None else _parse_time(at)
    try:
        settings = load_settings({} if data_dir is None else {"data_dir": data_dir}, os.environ, config=config)
    except SettingsError as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    if not settings.data_dir.is_dir():
        raise click.BadParameter(f"there is no data directory {settings.data_dir}", param_hint="--data-dir")
    try:
        tally = asyncio.run(run_lifecycles(settings, moment, is_dry=dry_run))
    except StoreUnavailable as error:
        refusal = Refused(str(error))
        refusal.add_note("a server that runs does what is due by itself; stop it to have it done now, or to try it")
        raise refusal from error
    _tell_what_was_done(tally, moment, is_dry=dry_run, as_json=output.is_json)
    for bucket, failure in tally.failures.items():
        tell_of("lifecycle of", bucket, failure, as_json=output.is_json)
    return FAILED if tally.failures else DONE


def _tell_what_was_done(tally: "Tally", moment: datetime, *, is_dry: bool, as_json: bool) -> None:
    done = [
        {"bucket": bucket, "rule": rule, "effect": effect.value, "count": count}
        for (bucket, rule, effect), count in sorted(tally.counts.items())
        if count
    ]
    if as_json:
        print_json(
            {"at": moment, "dry_run": is_dry, "visited": tally.visited, "retained": tally.retained, "done": done}
        )
        return
    print_table([[str(value) for value in each.values()] for each in done], (20, 20, 20, 1))
    note(f"{tally.visited} versions visited, {tally.retained} retained" + (", nothing changed" if is_dry else ""))


def _parse_time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no time, such as 2026-12-31T00:00:00Z", param_hint="--at") from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
