"""Files of profiles: ours is edited without loss and open to nobody else, ossutil's is only read."""

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.cli.profiles import (
    KEYS,
    STYLES,
    find_profile,
    profile_names,
    read_ossutil,
    read_profiles,
    set_value,
    with_value,
)
from ossicle.client.failures import ConfigError

OURS = """\
# mine
[default]
endpoint = "http://localhost:8880"  # the one at home
access_key_id = "home"

["a.b"]
region = 'cn-beijing'
"""
GENERATION_1 = """\
[Credentials]
language=EN
endpoint=oss-cn-hangzhou.aliyuncs.com
accessKeyID=i%d
accessKeySecret = s=x
[Bucket-Endpoint]
b=oss-cn-beijing.aliyuncs.com
"""
GENERATION_2 = """\
[default]
AccessKeyId = i
accesskeysecret = s
stsToken = t
region = cn-x

[profile prod]
access-key-id=j
access_key_secret=k
security-token=u
addressing-style=path
"""


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_without_files_there_is_nothing(home: Path) -> None:
    assert dict(find_profile(None, None).values) == {}
    assert profile_names(None) == []


def test_a_profile_of_ours(home: Path) -> None:
    write(home / ".ossicle.toml", OURS)
    found = find_profile(None, None)
    assert dict(found.values) == {"endpoint": "http://localhost:8880", "access-key-id": "home"}
    assert found.source == "~/.ossicle.toml"
    assert dict(find_profile("a.b", None).values) == {"region": "cn-beijing"}


def test_a_profile_that_is_not_there_names_those_that_are(home: Path) -> None:
    write(home / ".ossicle.toml", OURS)
    with pytest.raises(
        ConfigError, match=r"no profile 'x' in ~/\.ossicle\.toml or ~/\.ossutilconfig; there are: a\.b, de"
    ):
        find_profile("x", None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[default", "is not TOML"),
        ('endpoint = "x"', r"endpoint stands outside of a profile; write \[default\] above it"),
        ('[default]\nacess-key-id = "x"', "acess-key-id is none of endpoint, region"),
        ("[default]\nregion = 3", "region is none of"),
        ('[default]\naddressing-style = "x"', "addressing-style is none of virtual, path, cname"),
    ],
)
def test_a_file_that_is_not_understood(home: Path, text: str, told: str) -> None:
    write(home / ".ossicle.toml", text)
    with pytest.raises(ConfigError, match=told):
        find_profile(None, None)


def test_a_file_that_is_not_utf_8(home: Path) -> None:
    (home / ".ossicle.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        find_profile(None, None)


@pytest.mark.parametrize(
    ("mode", "is_warned"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True), (0o644, True)]
)
def test_a_file_that_others_can_read_is_told(
    home: Path, capsys: pytest.CaptureFixture[str], mode: int, is_warned: bool
) -> None:
    write(home / ".ossicle.toml", OURS, mode)
    find_profile(None, None)
    told = "ossicle: warning: ~/.ossicle.toml is open to other users; chmod 600 ~/.ossicle.toml\n"
    assert capsys.readouterr().err == (told if is_warned else "")


# -- ossutil's


@pytest.mark.parametrize(
    ("text", "profiles"),
    [
        (
            GENERATION_1,
            {
                "default": {
                    "endpoint": "oss-cn-hangzhou.aliyuncs.com",
                    "region": "cn-hangzhou",
                    "access-key-id": "i%d",
                    "access-key-secret": "s=x",
                }
            },
        ),
        (
            GENERATION_2,
            {
                "default": {
                    "region": "cn-x",
                    "access-key-id": "i",
                    "access-key-secret": "s",
                    "security-token": "t",
                },
                "prod": {
                    "access-key-id": "j",
                    "access-key-secret": "k",
                    "security-token": "u",
                    "addressing-style": "path",
                },
            },
        ),
        (
            "[default]\nendpoint=https://oss-ap-southeast-1-internal.aliyuncs.com\naccessKeyID=\n",
            {
                "default": {
                    "endpoint": "https://oss-ap-southeast-1-internal.aliyuncs.com",
                    "region": "ap-southeast-1",
                }
            },
        ),
        (
            "[default]\nendpoint=http://127.0.0.1:8880\naddressing-style=auto",
            {"default": {"endpoint": "http://127.0.0.1:8880"}},
        ),
        ("", {}),
    ],
)
def test_ossutil_s_file(home: Path, text: str, profiles: dict[str, dict[str, str]]) -> None:
    assert read_ossutil(write(home / ".ossutilconfig", text)) == profiles


def test_ossutil_s_file_is_read_where_ours_has_no_such_profile(home: Path) -> None:
    write(home / ".ossutilconfig", "[default]\nregion=theirs\n[profile prod]\nregion=prod\n")
    assert dict(find_profile(None, None).values) == {"region": "theirs"}
    write(home / ".ossicle.toml", '[default]\nregion = "ours"\n')
    assert dict(find_profile(None, None).values) == {"region": "ours"}
    found = find_profile("prod", None)
    assert (dict(found.values), found.source) == ({"region": "prod"}, "~/.ossutilconfig")
    assert profile_names(None) == ["default", "prod"]


def test_what_ossutil_never_wrote(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"~/\.ossutilconfig is not what ossutil writes"):
        read_ossutil(write(home / ".ossutilconfig", "no section"))


def test_a_file_that_was_named_is_the_only_one(home: Path, tmp_path: Path) -> None:
    write(home / ".ossicle.toml", OURS)
    other = write(tmp_path / "other.toml", '[default]\nregion = "there"\n')
    assert dict(find_profile(None, other).values) == {"region": "there"}
    with pytest.raises(ConfigError, match="no such file"):
        find_profile(None, tmp_path / "missing.toml")


# -- editing


def test_a_value_is_changed_and_everything_else_stays(home: Path) -> None:
    path = write(home / ".ossicle.toml", OURS)
    set_value(path, "default", "access-key-id", "other")
    set_value(path, "default", "region", "cn-hangzhou")
    set_value(path, "a.b", "region", "cn-shanghai")
    set_value(path, "new", "endpoint", "h")
    assert path.read_text() == (
        '# mine\n[default]\nendpoint = "http://localhost:8880"  # the one at home\naccess-key-id = "other"\n'
        'region = "cn-hangzhou"\n\n["a.b"]\nregion = "cn-shanghai"\n\n[new]\nendpoint = "h"\n'
    )


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_file_that_is_made_is_the_owner_s_alone(home: Path, umask: int) -> None:
    path = home / "new" / "profiles.toml"
    before = os.umask(umask)
    try:
        set_value(path, "default", "access-key-secret", "s")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["profiles.toml"]


def test_a_file_that_others_could_read_is_closed_when_it_is_written(home: Path) -> None:
    path = write(home / ".ossicle.toml", OURS, 0o644)
    set_value(path, "default", "region", "x")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(home: Path, tmp_path: Path) -> None:
    real = write(tmp_path / "dotfiles.toml", OURS)
    (home / ".ossicle.toml").symlink_to(real)
    set_value(home / ".ossicle.toml", "default", "region", "x")
    assert (home / ".ossicle.toml").is_symlink()
    assert read_profiles(real)["default"]["region"] == "x"


@pytest.mark.parametrize(
    "text",
    [
        '[default]\nregion = """\nx"""\n',
        '[[default]]\nregion = "x"\n',
        'default = { region = "x" }\n',
        'default.region = "x"\n',
    ],
)
def test_a_file_written_in_another_way_is_left_alone(home: Path, text: str) -> None:
    path = write(home / ".ossicle.toml", text)
    with pytest.raises(ConfigError):
        set_value(path, "default", "region", "y")
    assert path.read_text() == text


@pytest.mark.parametrize("name", ["", "a b", "a]", "x" * 65, "ü"])
def test_a_name_that_is_none(home: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="is no name for a profile"):
        set_value(home / ".ossicle.toml", name, "region", "x")


PROFILES = st.sampled_from(["default", "prod", "a.b", "x-y_z", "d"])
EDITS = st.tuples(PROFILES, st.sampled_from([key for key in KEYS if key != "addressing-style"]), st.text(min_size=1))


@given(st.lists(EDITS, max_size=8), st.sampled_from(["", OURS, "# nothing\n\n"]))
def test_edits_do_what_a_dictionary_does(edits: list[tuple[str, str, str]], text: str) -> None:
    edits = [edit for edit in edits if edit[2].isprintable()]
    expected = {name: {k.replace("_", "-"): v for k, v in table.items()} for name, table in tomllib.loads(text).items()}
    for profile, key, value in edits:
        text = with_value(text, profile, key, value)
        expected.setdefault(profile, {})[key] = value
    found = {name: {k.replace("_", "-"): v for k, v in table.items()} for name, table in tomllib.loads(text).items()}
    assert found == expected


@pytest.mark.parametrize("style", STYLES)
def test_every_style_can_be_set(home: Path, style: str) -> None:
    set_value(home / "p.toml", "default", "addressing-style", style)
    assert read_profiles(home / "p.toml") == {"default": {"addressing-style": style}}


def test_no_other_style_can(home: Path) -> None:
    with pytest.raises(ConfigError, match="addressing-style is one of"):
        set_value(home / "p.toml", "default", "addressing-style", "x")
