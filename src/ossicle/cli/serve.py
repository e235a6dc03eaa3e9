"""`ossicle serve`: run a server until it is told to stop. Its options are the settings of `app`, one each."""

import os
from dataclasses import Field
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

import click

from ossicle.app.settings import ServerSettings, SettingsError, environment_name, load_settings, options

_KINDS: Final[dict[Any, tuple[Any, str]]] = {
    Path: (click.Path(path_type=Path), "PATH"),
    int: (int, "N"),
    float: (float, "SECONDS"),
    str: (str, "TEXT"),
}


def run_server(*, config: Path | None, **flags: object) -> int:
    """Run a server.

    Flags come before the environment, the environment before the settings file.

    The owner's keys are OSSICLE_ROOT_ACCESS_KEY_ID and OSSICLE_ROOT_ACCESS_KEY_SECRET, each also as ..._FILE; without them a pair is
    made at the first start and kept in DATA_DIR/root-key. OSSICLE_ACCOUNTS or OSSICLE_ACCOUNTS_FILE names further accounts.
    """
    given = {name: value for name, value in flags.items() if value is not None and value != ()}
    try:
        settings = load_settings(given, os.environ, config=config)
    except SettingsError as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    from ossicle.app.main import serve as serve_until_stopped

    return serve_until_stopped(settings)


def _options() -> list[click.Parameter]:
    """Return an option for every setting. One that is not given is None or empty: its default is decided by `app`."""
    kinds = get_type_hints(ServerSettings)
    return [
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            metavar="PATH",
            help="Settings file, TOML: the options with underscores. [env: OSSICLE_CONFIG]",
        ),
        *(_option(item, kinds[item.name]) for item in options()),
    ]


def _option(item: "Field[Any]", kind: Any) -> click.Option:
    flag = "--" + item.name.replace("_", "-")
    text = f"{item.metadata['what']} [env: {environment_name(item)}]"
    if item.default not in (None, (), False):
        text += f" [default: {_shown(item.default)}]"
    if kind is bool:
        return click.Option([f"{flag}/--no-{flag[2:]}"], default=None, help=text)
    is_many = get_origin(kind) is tuple
    plain = next((member for member in get_args(kind) if member not in (type(None), ...)), kind)
    parser, metavar = _KINDS[plain]
    return click.Option([flag], type=parser, multiple=is_many, metavar=metavar, help=text)


def _shown(default: object) -> str:
    return ", ".join(default) if isinstance(default, tuple) else str(default)


serve = click.Command("serve", params=_options(), callback=run_server, help=run_server.__doc__)
