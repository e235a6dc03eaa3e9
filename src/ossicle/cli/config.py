"""`ossicle config`: keep endpoints and keys under a name."""

import sys
from pathlib import Path

import click

from ossicle.cli.connection import Signer, signer_options
from ossicle.cli.output import Output, note, output_options, print_json, print_table, printable

ACTIONS = ("set", "get", "list", "path")


@click.command
@click.argument("action", type=click.Choice(ACTIONS), required=False)
@click.argument("key", required=False)
@click.argument("value", required=False)
@signer_options
@output_options
def config(*, action: str | None, key: str | None, value: str | None, signer: Signer, output: Output) -> None:
    """Keep endpoint, region and keys in a profile of ~/.ossicle.toml, which nobody else may read.

    Without an ACTION it asks for each. `set KEY VALUE` sets one; a secret is asked for, or read from standard input, and never an
    argument. `get KEY` prints what a command would use now, `list` everything, and where it comes from. `path` prints where the file is.

    KEY is endpoint, region, access-key-id, access-key-secret, security-token or addressing-style.
    """
    from ossicle.cli.profiles import DEFAULT, default_path

    path = signer.config_file or default_path()
    name = signer.profile or DEFAULT
    if action in (None, "list", "path") and key is not None:
        raise click.BadParameter(f"{key!r} is too much")
    if action == "set":
        _set(path, name, _known(key), value)
        output.print_done(f"set {key} of {name!r} in {path}", {"path": str(path), "profile": name, "key": key})
    elif action == "get":
        _get(signer, _known(key), output)
    elif action == "list":
        _list(signer, output)
    elif action == "path":
        output.print_fields({"path": str(path)}) if output.is_json else print(printable(str(path)))
    else:
        _ask(path, name, output)


def _known(key: str | None) -> str:
    from ossicle.cli.profiles import KEYS

    if key not in KEYS:
        raise click.BadParameter(f"{key!r} is none of {', '.join(KEYS)}" if key else f"name one of {', '.join(KEYS)}")
    return key


def _set(path: Path, profile: str, key: str, value: str | None) -> None:
    from ossicle.cli.profiles import SECRETS, set_value

    if key in SECRETS and value is not None:
        raise click.BadParameter(f"others can see arguments: leave the value out to be asked, or pipe it in for {key}")
    if value is None:
        value = _asked(key, is_secret=key in SECRETS)
    if not value:
        raise click.BadParameter(f"{key} is empty")
    set_value(path, profile, key, value)


def _asked(key: str, *, is_secret: bool) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    answer: str = click.prompt(key, hide_input=is_secret, err=True, default="", show_default=False)
    return answer.strip()


def _get(signer: Signer, key: str, output: Output) -> None:
    from ossicle.cli.profiles import SECRETS

    found = signer.settings().get(key)
    if key in SECRETS:
        raise click.BadParameter(f"{key} is never printed; it is {'set' if found else 'not set'}")
    if found is None:
        raise click.BadParameter(f"{key} is not set")
    output.print_fields({key: found[0]}) if output.is_json else print(printable(found[0]))


def _list(signer: Signer, output: Output) -> None:
    from ossicle.cli.profiles import DEFAULT, KEYS, SECRETS, profile_names

    found = signer.settings()
    names = profile_names(signer.config_file)
    rows = [
        (key, "(set)" if key in SECRETS else found[key][0], found[key][1]) if key in found else (key, "(not set)", "")
        for key in KEYS
    ]
    if output.is_json:
        print_json(
            {
                "profile": signer.profile or DEFAULT,
                "profiles": names,
                "settings": {
                    key: {
                        "value": None if key in SECRETS or not source else value,
                        "is_set": bool(source),
                        "from": source or None,
                    }
                    for key, value, source in rows
                },
            }
        )
        return
    print_table(rows, (max(map(len, KEYS)), max(len(value) for _, value, _ in rows)))
    if names:
        note(f"profiles: {', '.join(names)}")


def _ask(path: Path, profile: str, output: Output) -> None:
    """Ask for everything; an empty answer leaves what is there."""
    from ossicle.cli.profiles import IDENTITY, SECRETS, read_profiles, set_value

    if not sys.stdin.isatty():
        raise click.BadParameter(f"nobody can be asked here; one of {', '.join(ACTIONS)}?")
    before = read_profiles(path).get(profile, {})
    note(f"profile {profile!r} in {path}; an empty answer leaves what is in brackets")
    for key in ("endpoint", "region", *IDENTITY):
        shown = ("(set)" if key in SECRETS else before[key]) if key in before else ""
        label = f"{key} [{shown}]" if shown else key
        if answer := _asked(label, is_secret=key in SECRETS):
            set_value(path, profile, key, answer)
    output.print_done(f"kept in {path}", {"path": str(path), "profile": profile})
