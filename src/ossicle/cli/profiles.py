"""Profiles: endpoints and keys under a name, in `~/.ossicle.toml`, or as ossutil keeps them in `~/.ossutilconfig`.

A profile of ours comes first; ossutil's file is read only where ours has none of that name, and never written.
"""

import json
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ossicle.cli.output import note
from ossicle.client.failures import ConfigError

DEFAULT: Final = "default"
SECRETS: Final = frozenset({"access-key-secret", "security-token"})
"""Never printed."""
IDENTITY: Final = ("access-key-id", "access-key-secret", "security-token")
"""Belong together: none of them is ever combined with one from another place."""
KEYS: Final = ("endpoint", "region", *IDENTITY, "addressing-style")
STYLES: Final = ("virtual", "path", "cname")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_OSSUTIL_KEYS: Final = {
    **{key.replace("-", ""): key for key in KEYS},
    "ststoken": "security-token",
}
_REGION_OF_HOST: Final = re.compile(r"(?:^|//)oss-([a-z]+-[a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a file says under a name."""

    name: str
    source: str
    values: Mapping[str, str] = field(repr=False)


NOTHING: Final = Profile(name=DEFAULT, source="", values={})


def default_path() -> Path:
    """Return where profiles are kept unless `--config-file` names another place."""
    return Path.home() / ".ossicle.toml"


def ossutil_path() -> Path:
    """Return where ossutil keeps its own."""
    return Path.home() / ".ossutilconfig"


def find_profile(name: str | None, config_file: Path | None) -> Profile:
    """Return the profile of that name; without a name the default one, which may be missing.

    Raises:
        ConfigError: there is no such profile, or a file can't be understood.
    """
    wanted = name or DEFAULT
    places = _places(config_file)
    found: list[str] = []
    for path, profiles in places:
        if wanted in profiles:
            warn_if_others_can_read(path)
            return Profile(name=wanted, source=_shown(path), values=profiles[wanted])
        found.extend(profiles)
    if name is None:
        return NOTHING
    others = f"; there are: {', '.join(sorted(set(found)))}" if found else ""
    raise ConfigError(f"no profile {name!r} in {' or '.join(_shown(path) for path, _ in places)}{others}")


def profile_names(config_file: Path | None) -> list[str]:
    """Return the names of all profiles that can be chosen."""
    return sorted(profile.name for profile in all_profiles(config_file))


def all_profiles(config_file: Path | None) -> list[Profile]:
    """Return every profile that can be chosen, in the order in which they are looked for."""
    found: dict[str, Profile] = {}
    for path, profiles in _places(config_file):
        for name, values in profiles.items():
            found.setdefault(name, Profile(name=name, source=_shown(path), values=values))
    return list(found.values())


def _places(config_file: Path | None) -> list[tuple[Path, dict[str, dict[str, str]]]]:
    if config_file is not None:
        if not config_file.is_file():
            raise ConfigError(f"{config_file}: no such file")
        return [(config_file, read_profiles(config_file))]
    ours, ossutil = default_path(), ossutil_path()
    return [(ours, read_profiles(ours)), (ossutil, read_ossutil(ossutil))]


def read_profiles(path: Path) -> dict[str, dict[str, str]]:
    """Return the profiles of a file of ours; none if it is not there.

    Raises:
        ConfigError: it is no TOML, or says what is no setting.
    """
    text = _text(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{_shown(path)} is not TOML: {error}") from None
    return {name: dict(_settings(path, name, table)) for name, table in document.items()}


def _settings(path: Path, name: str, table: object) -> Iterator[tuple[str, str]]:
    if not isinstance(table, dict):
        raise ConfigError(f"{_shown(path)}: {name} stands outside of a profile; write [{DEFAULT}] above it")
    for key, value in table.items():
        known = str(key).replace("_", "-")
        if known not in KEYS or not isinstance(value, str):
            raise ConfigError(f"{_shown(path)}: [{name}] {key} is none of {', '.join(KEYS)}, each a string")
        if known == "addressing-style" and value not in STYLES:
            raise ConfigError(f"{_shown(path)}: [{name}] {key} is none of {', '.join(STYLES)}")
        if value:
            yield known, value


def read_ossutil(path: Path) -> dict[str, dict[str, str]]:
    """Return the profiles of ossutil, generation 1 or 2; none if the file is not there.

    Generation 1 has one section, `[Credentials]`, and no region: that is read off the endpoint.

    Raises:
        ConfigError: it is not what ossutil writes.
    """
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False, default_section="\0none")
    try:
        parser.read_string(_text(path))
    except configparser.Error as error:
        raise ConfigError(f"{_shown(path)} is not what ossutil writes: {error}") from None
    found: dict[str, dict[str, str]] = {}
    for section in parser.sections():
        name = _ossutil_name(section)
        if name is not None:
            found.setdefault(name, {}).update(_ossutil_settings(parser[section]))
    return found


def _ossutil_name(section: str) -> str | None:
    if section.lower() in ("credentials", DEFAULT):
        return DEFAULT
    kind, _, name = section.partition(" ")
    return name.strip() if kind.lower() == "profile" and name.strip() else None


def _ossutil_settings(section: Mapping[str, str]) -> dict[str, str]:
    values = {re.sub("[-_]", "", key.lower()): value.strip() for key, value in section.items()}
    found = {ours: values[theirs] for theirs, ours in _OSSUTIL_KEYS.items() if values.get(theirs)}
    if found.get("addressing-style", "virtual") not in STYLES:
        del found["addressing-style"]
    region = _REGION_OF_HOST.search(found.get("endpoint", ""))
    if region is not None:
        found.setdefault("region", region[1])
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ConfigError(f"{_shown(path)} is not UTF-8") from None


def warn_if_others_can_read(path: Path) -> None:
    """Tell the owner of a file with keys in it that it is open to others."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        note(f"ossicle: warning: {_shown(path)} is open to other users; chmod 600 {_shown(path)}")


def set_value(path: Path, profile: str, key: str, value: str) -> None:
    """Set one value in a file, which is made if it is not there; only the owner may read it. What else it says stays.

    Raises:
        ConfigError: the names or the value can't be used, or the file is written in a way that is not understood here.
    """
    if not _NAME.fullmatch(profile):
        raise ConfigError(f"{profile!r} is no name for a profile: letters, digits, '-', '_' and '.'")
    if key == "addressing-style" and value not in STYLES:
        raise ConfigError(f"addressing-style is one of {', '.join(STYLES)}")
    before = read_profiles(path)
    text = with_value(_text(path), profile, key, value)
    before.setdefault(profile, {})[key] = value
    _check(path, text, before)
    _write(path, text)


def with_value(text: str, profile: str, key: str, value: str) -> str:
    """Return a TOML text in which `key` of `[profile]` has that value."""
    lines = text.splitlines()
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    table = re.compile(rf"\s*\[\s*[\"']?{re.escape(profile)}[\"']?\s*\]\s*(#.*)?")
    start = next((number for number, each in enumerate(lines) if table.fullmatch(each)), None)
    if start is None:
        head = f'["{profile}"]' if "." in profile else f"[{profile}]"
        lines += ([""] if lines else []) + [head, line]
        return "\n".join(lines) + "\n"
    rest = range(start + 1, len(lines))
    end = next((number for number in rest if lines[number].lstrip().startswith("[")), len(lines))
    wanted = re.compile(rf"\s*{key.replace('-', '[-_]')}\s*=.*")
    for number in range(start + 1, end):
        if wanted.fullmatch(lines[number]):
            lines[number] = line
            return "\n".join(lines) + "\n"
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    lines.insert(end, line)
    return "\n".join(lines) + "\n"


def _check(path: Path, text: str, expected: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse an edit that did not do what it was meant to: nobody's file is broken by a way of writing TOML."""
    try:
        document = tomllib.loads(text)
        found = {name: dict(_settings(path, name, table)) for name, table in document.items()}
    except (tomllib.TOMLDecodeError, ConfigError):
        found = {}
    if found != {name: dict(values) for name, values in expected.items()}:
        raise ConfigError(f"{_shown(path)} is written in a way that can't be edited here; do it with an editor")


def _write(path: Path, text: str) -> None:
    """Replace a file at once; where it is a link, the file it points to."""
    import tempfile

    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".ossicle-", dir=target.parent)  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _shown(path: Path) -> str:
    """Return a path as a person writes it."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except ValueError:
        return str(path)
