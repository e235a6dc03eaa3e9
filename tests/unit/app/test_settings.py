"""Flag before environment before file before default; and every value that cannot be is named."""

from pathlib import Path
from typing import Any

import pytest

from ossicle.app.settings import (
    ServerSettings,
    SettingsError,
    environment_name,
    load_settings,
    options,
    root_account,
)

CHANGED: dict[str, tuple[str, Any]] = {
    "host": ("0.0.0.0,::", ("0.0.0.0", "::")),
    "port": ("1234", 1234),
    "data_dir": ("/data", Path("/data")),
    "region": ("us-east-1", "us-east-1"),
    "domain": ("a.example.com, b.example.com", ("a.example.com", "b.example.com")),
    "cname": ("a.example.com=bucket", ("a.example.com=bucket",)),
    "advertise_endpoint": ("https://a", "https://a"),
    "advertise_internal_endpoint": ("https://b", "https://b"),
    "bucket": ("one,two", ("one", "two")),
    "ready_file": ("/ready", Path("/ready")),
    "tls_cert": ("/cert", Path("/cert")),
    "tls_key": ("/key", Path("/key")),
    "trusted_proxy": ("10.0.0.0/8,::1", ("10.0.0.0/8", "::1")),
    "callback_allow": ("10.0.0.0/8,fd00::/8", ("10.0.0.0/8", "fd00::/8")),
    "durability": ("relaxed", "relaxed"),
    "first_upload": ("true", True),
    "root_account_id": ("1234567890123456", "1234567890123456"),
    "workers": ("3", 3),
    "small_body_bytes": ("1", 1),
    "object_bytes_max": ("2", 2),
    "head_bytes": ("3", 3),
    "head_seconds": ("0.5", 0.5),
    "body_idle_seconds": ("1", 1.0),
    "keep_alive_seconds": ("2", 2.0),
    "refusal_drain_bytes": ("4", 4),
    "refusal_drain_seconds": ("3", 3.0),
    "shutdown_seconds": ("4", 4.0),
    "explain": ("no", False),
    "sts_min_seconds": ("1", 1),
    "access_log": ("no", False),
    "audit_log": ("/audit", Path("/audit")),
    "audit_reads": ("yes", True),
}
PLURALS = {"host", "domain", "cname", "bucket", "trusted_proxy", "callback_allow"}
NAMES = [option.name for option in options()]
# A setting that cannot stand alone.
COMPANIONS = {
    "tls_cert": {"OSSICLE_TLS_KEY": "/key"},
    "tls_key": {"OSSICLE_TLS_CERT": "/cert"},
    "first_upload": {"OSSICLE_BUCKETS": "demo"},
    "audit_reads": {"OSSICLE_AUDIT_LOG": "/audit"},
}


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def toml_of(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{part}"' for part in value) + "]"
    return (
        {True: "true", False: "false"}[value]
        if isinstance(value, bool)
        else str(value)
        if isinstance(value, int | float)
        else f'"{value}"'
    )


def test_the_defaults() -> None:
    settings = load_settings({}, {})
    assert settings == ServerSettings()
    assert settings.host == ("127.0.0.1", "::1")
    assert (settings.port, settings.region, settings.durability) == (8880, "cn-hangzhou", "full")
    assert (settings.object_bytes_max, settings.small_body_bytes) == (5 * 1024**3, 16 * 1024)
    assert root_account(settings) == "1000000000000001"


def test_every_option_is_tried_here() -> None:
    assert set(NAMES) == CHANGED.keys()


@pytest.mark.parametrize("name", NAMES)
def test_an_option_from_each_place(name: str, tmp_path: Path) -> None:
    text, value = CHANGED[name]
    variable = "OSSICLE_" + (name + "s" if name in PLURALS and name != "trusted_proxy" else name).upper()
    variable = "OSSICLE_TRUSTED_PROXIES" if name == "trusted_proxy" else variable
    [option] = [option for option in options() if option.name == name]
    assert environment_name(option) == variable
    extra = COMPANIONS.get(name, {})

    by_environment = load_settings({}, {**extra, variable: text})
    by_flag = load_settings({name: value}, extra)
    by_file = load_settings({}, extra, config=write(tmp_path / "x.toml", f"{name} = {toml_of(value)}\n"))

    assert getattr(by_environment, name) == value
    assert by_environment == by_flag == by_file


def test_flag_beats_environment_beats_file(tmp_path: Path) -> None:
    config = write(tmp_path / "x.toml", 'region = "file"\nport = 1\nbucket = ["from-file"]\n')
    environ = {"OSSICLE_REGION": "environment", "OSSICLE_PORT": "2"}
    settings = load_settings({"region": "flag", "port": None}, environ, config=config)
    assert (settings.region, settings.port, settings.bucket) == ("flag", 2, ("from-file",))


def test_an_empty_variable_is_none() -> None:
    assert (
        load_settings({}, {"OSSICLE_PORT": "", "OSSICLE_BUCKETS": "", "OSSICLE_ROOT_ACCESS_KEY_ID": ""})
        == ServerSettings()
    )


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    config = write(tmp_path / "x.toml", "port = 5\n")
    assert load_settings({}, {"OSSICLE_CONFIG": str(config)}).port == 5
    other = write(tmp_path / "y.toml", "port = 6\n")
    assert load_settings({}, {"OSSICLE_CONFIG": str(config)}, config=other).port == 6


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"port": -1}, "port -1 is not between 0 and 65535"),
        ({"port": 65536}, "port 65536"),
        ({"durability": "none"}, "durability 'none'"),
        ({"bucket": ("ok-bucket", "No")}, "bucket 'No'"),
        ({"region": ""}, "region ''"),
        ({"region": " "}, "region ' '"),
        ({"region": "cn/hangzhou"}, "region 'cn/hangzhou'"),
        ({"domain": ("oss.example.com", "http://oss.example.com")}, "domain 'http://oss.example.com'"),
        ({"domain": ("a b",)}, "domain 'a b'"),
        ({"domain": ("a/",)}, "domain 'a/'"),
        ({"domain": ("",)}, "domain ''"),
        ({"cname": ("host",)}, "cname 'host'"),
        ({"cname": ("=bucket",)}, "cname '=bucket'"),
        ({"cname": ("host=No",)}, "cname 'host=No'"),
        ({"trusted_proxy": ("10.0.0.0/8", "proxy")}, "trusted_proxy 'proxy' is not a CIDR"),
        ({"trusted_proxy": ("10.0.0.0/33",)}, "trusted_proxy"),
        ({"callback_allow": ("app.example",)}, "callback_allow 'app.example' is not a CIDR"),
        ({"tls_cert": Path("/c")}, "tls_cert and tls_key"),
        ({"tls_key": Path("/k")}, "tls_cert and tls_key"),
        ({"root_account_id": "1"}, "16 digits"),
        ({"root_account_id": "１" * 16}, "16 digits"),
        ({"first_upload": True}, "first_upload needs a bucket"),
        ({"audit_log": Path("-")}, "audit_log must be a file"),
        ({"audit_reads": True}, "audit_reads needs an audit_log"),
        ({"workers": 0}, "workers must be"),
        ({"small_body_bytes": 0}, "small_body_bytes must be"),
        ({"head_seconds": -1.0}, "head_seconds must be"),
        ({"shutdown_seconds": float("nan")}, "shutdown_seconds must be"),
        ({"shutdown_seconds": float("inf")}, "shutdown_seconds must be"),
    ],
)
def test_a_value_out_of_its_range(flags: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings(flags, {})
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("OSSICLE_PORT", "eighty"),
        ("OSSICLE_PORT", "1.5"),
        ("OSSICLE_HEAD_SECONDS", "soon"),
        ("OSSICLE_ACCESS_LOG", "maybe"),
        ("OSSICLE_FIRST_UPLOAD", "2"),
    ],
)
def test_a_variable_of_another_type(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable}: '{text}'"):
        load_settings({}, {variable: text})


@pytest.mark.parametrize("text", ["true", "TRUE", "1", "yes", "on"])
def test_words_for_true(text: str) -> None:
    assert load_settings({}, {"OSSICLE_FIRST_UPLOAD": text, "OSSICLE_BUCKETS": "demo"}).first_upload is True


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("port = [1]", "port in"),
        ("port = true", "port in"),
        ("port = 1.5", "port in"),
        ("[port]\na = 1", "port in"),
        ('access_log = "yes"', "access_log in"),
        ("access_log = 1", "access_log in"),
        ("region = true", "region in"),
        ("region = [1]", "region in"),
        ("head_seconds = 'soon'", "head_seconds in"),
        ("colour = 1", "unknown setting colour"),
        ("root_access_key_secret = 's'", "unknown setting root_access_key_secret"),
        ("port = ", "x.toml"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_settings({}, {}, config=write(tmp_path / "x.toml", content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml"):
        load_settings({}, {}, config=tmp_path / "missing.toml")


def test_one_value_in_a_file_where_several_may_stand(tmp_path: Path) -> None:
    assert load_settings({}, {}, config=write(tmp_path / "x.toml", 'bucket = "one, two"')).bucket == ("one", "two")


# ------------------------------------------------------------------------------------------- secrets and accounts

KEYS = {"OSSICLE_ROOT_ACCESS_KEY_ID": "the-id", "OSSICLE_ROOT_ACCESS_KEY_SECRET": "the-secret"}


def test_the_owner_s_keys(tmp_path: Path) -> None:
    direct = load_settings({}, KEYS)
    assert (direct.root_access_key_id, direct.root_access_key_secret) == ("the-id", "the-secret")
    files = {f"{name}_FILE": str(write(tmp_path / name, f" {value}\n")) for name, value in KEYS.items()}
    assert load_settings({}, files) == direct
    assert load_settings({}, {}).root_access_key_id is None


@pytest.mark.parametrize("access_key_id", ["a/b", "a b", "a\tb", "a,b"])
def test_an_access_key_id_that_no_signature_could_hold(access_key_id: str) -> None:
    with pytest.raises(SettingsError, match="OSSICLE_ROOT_ACCESS_KEY_ID holds"):
        load_settings({}, {**KEYS, "OSSICLE_ROOT_ACCESS_KEY_ID": access_key_id})
    if "," not in access_key_id:
        with pytest.raises(SettingsError, match="access key id of entry 1"):
            load_settings({}, {"OSSICLE_ACCOUNTS": f"1000000000000002:{access_key_id}:secret"})


@pytest.mark.parametrize("name", KEYS)
def test_half_a_pair(name: str) -> None:
    with pytest.raises(SettingsError, match="go together"):
        load_settings({}, {name: KEYS[name]})


@pytest.mark.parametrize("name", [*KEYS, "OSSICLE_ACCOUNTS"])
def test_both_a_value_and_a_file(name: str, tmp_path: Path) -> None:
    environ = {**KEYS, name: "x", f"{name}_FILE": str(write(tmp_path / "file", "x"))}
    with pytest.raises(SettingsError, match=f"{name} and {name}_FILE are both set"):
        load_settings({}, environ)


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfes3cr3t", None])
def test_a_secret_s_file_that_cannot_be_used(name: str, content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    environ = {**{key: value for key, value in KEYS.items() if key != name}, f"{name}_FILE": str(file)}
    with pytest.raises(SettingsError) as refusal:
        load_settings({}, environ)
    assert str(file) in str(refusal.value)
    assert "s3cr3t" not in repr(refusal.value) + repr(refusal.value.__cause__)


ACCOUNTS = "1000000000000002:two:s3cr3t-2,1000000000000003:three:s3cr3t-3"


def test_further_accounts(tmp_path: Path) -> None:
    inline = load_settings({}, {"OSSICLE_ACCOUNTS": ACCOUNTS})
    assert [(account.id, account.access_key_id) for account in inline.accounts] == [
        ("1000000000000002", "two"),
        ("1000000000000003", "three"),
    ]
    file = write(tmp_path / "accounts", ACCOUNTS.replace(",", "\n") + "\n")
    assert load_settings({}, {"OSSICLE_ACCOUNTS_FILE": str(file)}) == inline
    assert load_settings({}, {"OSSICLE_ACCOUNTS_FILE": str(write(tmp_path / "empty", ""))}).accounts == ()


@pytest.mark.parametrize("accounts", ["1:two:s3cr3t", ACCOUNTS + ",1000000000000002:two:s3cr3t", "s3cr3t"])
def test_accounts_that_cannot_be(accounts: str) -> None:
    with pytest.raises(SettingsError, match="OSSICLE_ACCOUNTS: ") as refusal:
        load_settings({}, {"OSSICLE_ACCOUNTS": accounts})
    assert "s3cr3t" not in str(refusal.value)


def test_an_account_with_the_owner_s_key_id() -> None:
    with pytest.raises(SettingsError, match="key id of the root account"):
        load_settings({}, {**KEYS, "OSSICLE_ACCOUNTS": "1000000000000002:the-id:other"})


def test_no_secret_shows() -> None:
    settings = load_settings({}, {**KEYS, "OSSICLE_ACCOUNTS": ACCOUNTS})
    assert "the-secret" not in repr(settings)
    assert "s3cr3t" not in repr(settings) + repr(settings.accounts)
