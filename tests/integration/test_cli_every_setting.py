"""`ossicle bucket` with every setting there is: put as JSON and as XML, told to programs and to people, deleted."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

import ossicle
from ossicle.cli.bucket_settings import bucket_settings, document_of, find_verb
from ossicle.cli.documents import read_document
from ossicle.cli.program import run
from ossicle.wire.document import render_document
from tests.integration.test_client import settings
from tests.support.server import REGION, ServerProcess

OWNER: Final = "1000000000000001"
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A setting: what is put, behind which VALUE, and what is among what is told then.

    `told` is the document that was put where nothing else is said; `removal` is what a delete takes, if it takes a document.
    What no document is put of has a test of its own.
    """

    document: Json | None = None
    value: str | None = None
    told: Json | None = None
    told_of: str | None = None
    removal: Json | None = None
    people: tuple[str, ...] = ()


def inventory(target: str) -> Json:
    destination = {
        "format": "CSV",
        "account_id": OWNER,
        "role_arn": f"acs:ram::{OWNER}:role/r",
        "bucket": f"acs:oss:::{target}",
    }
    return {
        "included_object_versions": "Current",
        "id": "daily",
        "is_enabled": True,
        "destination": {"oss_bucket_destination": destination},
        "schedule": {"frequency": "Daily"},
    }


POLICY: Final = {
    "Version": "1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["oss:GetObject"],
            "Principal": ["1000000000000002"],
            "Resource": ["acs:oss:*:*:BUCKET/*"],
        }
    ],
}
DOMAIN: Final = {"cname": {"domain": "a.example.com"}}
CASES: Final[dict[str, Case]] = {
    "cors": Case(
        document={"cors_rules": [{"allowed_origins": ["*"], "allowed_methods": ["GET"]}], "response_vary": True},
        people=("cors rules:", "  allowed origins: *"),
    ),
    "requestPayment": Case(document={"payer": "Requester"}),
    "bucketArchiveDirectRead": Case(document={"enabled": True}, people=("enabled: yes",)),
    "transferAcceleration": Case(document={"enabled": True}),
    "accessmonitor": Case(document={"status": "Enabled"}),
    "httpsConfig": Case(document={"tls": {"enable": True, "tls_versions": ["TLSv1.3"]}}),
    "resourceGroup": Case(document={"resource_group_id": "rg-one"}),
    "userDefinedLogFieldsConfig": Case(document={"header_set": {"headers": ["color"]}}),
    "objectWorm": Case(document={"object_worm_enabled": "Enabled"}),
    "qos": Case(document={"storage_capacity": 7}),
    "qosInfo": Case(document={"total_qps": 5}),
    "encryption": Case(document={"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}),
    "publicAccessBlock": Case(document={"block_public_access": True}),
    "overwriteConfig": Case(document={"rules": [{"id": "1", "action": "forbid", "prefix": "a/"}]}),
    "quota": Case(document={"storage_quota": 5_000_000}),
    "callbackPolicy": Case(document={"policy_items": [{"policy_name": "n", "callback": "e30="}]}),
    "tagging": Case(document={"tag_set": {"tags": [{"key": "a", "value": "1"}]}}),
    "lifecycle": Case(document={"rules": [{"id": "r", "prefix": "x", "status": "Enabled", "expiration": {"days": 3}}]}),
    "referer": Case(document={"allow_empty_referer": False, "referer_list": {"referers": ["http://a.example/*"]}}),
    "website": Case(document={"index_document": {"suffix": "index.html"}}),
    "logging": Case(document={"logging_enabled": {"target_bucket": "BUCKET", "target_prefix": "log-"}}),
    "acl": Case(value="public-read"),
    "versioning": Case(document={"status": "Enabled"}, told={"version_status": "Enabled"}),
    "policy": Case(document=POLICY, people=("Version: 1", "Statement:", "  Effect: Allow")),
    "policyStatus": Case(),
    "inventory": Case(document=inventory("BUCKET"), value="daily", told_of="daily"),
    "worm": Case(document={"retention_period_in_days": 3}, told={"retention_period_in_days": 3, "state": "InProgress"}),
    "style": Case(
        document={"content": "image/resize,p_50"},
        value="small",
        told_of="small",
        told={"name": "small", "content": "image/resize,p_50"},
    ),
    "cname": Case(document=DOMAIN, told={"bucket": "BUCKET"}, removal=DOMAIN, people=("bucket: BUCKET",)),
    "cnameToken": Case(document=DOMAIN, told_of="a.example.com", told={"cname": "a.example.com"}),
    "replication": Case(
        document={"rules": [{"id": "r1", "destination": {"bucket": "copy", "location": "oss-cn-beijing"}}]},
        removal={"ids": ["r1"]},
        people=("rules:", "  id: r1"),
    ),
    "replicationLocation": Case(),
    "replicationProgress": Case(),
    "rtc": Case(),
    "redundancyTransition": Case(value="ZRS"),
}  # fmt: skip
VERSIONED: Final = frozenset({"objectWorm"})
"""What only buckets with versions can have."""


class Told:
    """What a command printed."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def document(self) -> Json:
        found: Json = json.loads(self.out)
        return found


Shell = Callable[..., Told]


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Shell:
    """Commands in this process, which many of them have to share."""
    given = {
        "OSS_ENDPOINT": server.endpoint,
        "OSS_REGION": REGION,
        "OSS_ACCESS_KEY_ID": server.access_key_id,
        "OSS_ACCESS_KEY_SECRET": server.access_key_secret,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    numbers = itertools.count()

    def command(action: str, setting: str, bucket: str, *rest: str | None, raw: bytes | None = None) -> Told:
        arguments = ["bucket", action, setting, f"oss://{bucket}", *(each for each in rest if each is not None)]
        if raw is not None:
            path = tmp_path / f"document-{next(numbers)}"
            path.write_bytes(raw)
            arguments += ["--file", str(path)]
        status = run(arguments)
        return Told(status, *capsys.readouterr())

    return command


@pytest.fixture
def make(server: ServerProcess) -> Iterator[Callable[[str], str]]:
    """Make a bucket, with what a setting needs."""
    with ossicle.Client(settings(server)) as client:

        def make(setting: str) -> str:
            name = f"{setting.lower()}-{next(_NUMBERS)}"
            client.put_bucket(ossicle.PutBucketRequest(bucket=name))
            if setting in VERSIONED:
                client.put_bucket_versioning(
                    ossicle.PutBucketVersioningRequest(
                        bucket=name, versioning_configuration=ossicle.VersioningConfiguration(status="Enabled")
                    )
                )
            return name

        yield make


_NUMBERS: Final = itertools.count()


def named(document: Json | None, bucket: str) -> Json | None:
    """A document with the bucket's name in it."""
    return None if document is None else json.loads(json.dumps(document).replace("BUCKET", bucket))


def holds(told: object, wanted: object) -> bool:
    """Whether all that is wanted is told; more may be, such as defaults."""
    if isinstance(wanted, dict):
        return isinstance(told, dict) and all(name in told and holds(told[name], item) for name, item in wanted.items())
    if isinstance(wanted, list):
        return isinstance(told, list) and len(told) == len(wanted) and all(map(holds, told, wanted))
    return told == wanted


def written(setting: str, document: Json, value: str | None) -> Iterator[bytes]:
    """The document as JSON and, where it has such a form, as XML."""
    raw = json.dumps(document).encode()
    yield raw
    _, verb = find_verb(setting, "put", value)
    found = document_of(verb.operation.request)
    if found is not None and found.kind is not None:
        yield render_document(found.root, read_document(found.kind, found.root, raw))


def test_no_setting_is_left_out() -> None:
    assert bucket_settings().keys() == CASES.keys()


@pytest.mark.parametrize("setting", [name for name, case in CASES.items() if case.document is not None])
def test_what_was_put_is_told(shell: Shell, make: Callable[[str], str], setting: str) -> None:
    case = CASES[setting]
    for turn, _ in enumerate(written(setting, named(case.document, "some") or {}, case.value)):
        bucket = make(setting)
        document = named(case.document, bucket)
        assert document is not None
        raw = list(written(setting, document, case.value))[turn]
        put = shell("put", setting, bucket, case.value, "--json", raw=raw)
        assert put.status == 0, put.err
        assert holds(put.document, {"bucket": bucket, "setting": setting})
        told = shell("get", setting, bucket, case.told_of, "--json")
        assert told.status == 0, told.err
        assert holds(told.document, named(case.told, bucket) or document), told.out
        people = shell("get", setting, bucket, case.told_of).out.splitlines()
        assert people
        assert people[: len(case.people)] == [line.replace("BUCKET", bucket) for line in case.people]
        assert not any(line.lstrip().startswith(("{", "[", "<")) for line in people)


@pytest.mark.parametrize("setting", [name for name in CASES if "delete" in bucket_settings()[name]])
def test_what_can_be_deleted_is_gone(shell: Shell, make: Callable[[str], str], setting: str) -> None:
    case, bucket = CASES[setting], make(setting)
    before = shell("get", setting, bucket, "--json").out
    raw = None if case.document is None else json.dumps(named(case.document, bucket)).encode()
    put = shell("put", setting, bucket, case.value, "--json", raw=raw)
    assert put.status == 0, put.err
    assert shell("get", setting, bucket, "--json").out != before
    value = put.document["task_id"] if setting == "redundancyTransition" else case.value
    removal = None if case.removal is None else json.dumps(case.removal).encode()
    deleted = shell("delete", setting, bucket, value, raw=removal)
    assert (deleted.status, deleted.out) == (0, ""), deleted.err
    assert f"delete {setting} of oss://{bucket}" in deleted.err
    if setting != "replication":  # its rules are `closing` for a while
        assert shell("get", setting, bucket, "--json").out == before


def test_an_acl_is_a_word(shell: Shell, make: Callable[[str], str]) -> None:
    bucket = make("acl")
    assert shell("put", "acl", bucket, "public-read", "--json").document == {"bucket": bucket, "setting": "acl"}
    assert shell("get", "acl", bucket, "--json").document["acl"] == "public-read"
    assert "acl: public-read" in shell("get", "acl", bucket).out.splitlines()
    refused = shell("put", "acl", bucket, "nobody")
    assert (refused.status, "InvalidArgument" in refused.err) == (1, True)
    assert shell("get", "acl", bucket, "--json").document["acl"] == "public-read"


def test_a_worm_from_its_beginning_to_its_lock(shell: Shell, make: Callable[[str], str]) -> None:
    bucket, name = make("worm"), ""
    for action in ("delete", "complete"):
        made = shell("put", "worm", bucket, "--json", raw=b'{"retention_period_in_days": 1}').document
        name = made["worm_id"]
        assert shell("get", "worm", bucket, "--json").document["worm_id"] == name
        done = shell(action, "worm", bucket, *([name] if action == "complete" else []))
        assert done.status == 0, done.err
    longer = b"<ExtendWormConfiguration><RetentionPeriodInDays>2</RetentionPeriodInDays></ExtendWormConfiguration>"
    assert shell("extend", "worm", bucket, name, raw=longer).status == 0
    told = shell("get", "worm", bucket, "--json").document
    assert (told["state"], told["retention_period_in_days"]) == ("Locked", 2)
    assert "WORMConfigurationLocked" in shell("delete", "worm", bucket).err


def test_inventories_by_their_ids_and_all_of_them(shell: Shell, make: Callable[[str], str]) -> None:
    bucket = make("inventory")
    for name in ("a", "b"):
        raw = json.dumps({**inventory(bucket), "id": name}).encode()
        assert shell("put", "inventory", bucket, name, raw=raw).status == 0
    assert shell("get", "inventory", bucket, "b", "--json").document["id"] == "b"
    listed = shell("get", "inventory", bucket, "--json").document
    assert [each["id"] for each in listed["inventory_configurations"]] == ["a", "b"]
    assert shell("delete", "inventory", bucket, "a").status == 0
    assert "NoSuchInventory" in shell("get", "inventory", bucket, "a").err
    assert shell("get", "inventory", bucket, "b").status == 0


def test_pages_are_read_to_their_end(shell: Shell, make: Callable[[str], str], server: ServerProcess) -> None:
    bucket = make("inventory")
    document = read_document(ossicle.InventoryConfiguration, "", json.dumps(inventory(bucket)).encode())
    with ossicle.Client(settings(server)) as client:
        for number in range(101):
            name = f"n{number:03}"
            client.put_bucket_inventory(
                ossicle.PutBucketInventoryRequest(
                    bucket=bucket, inventory_id=name, inventory_configuration=replace(document, id=name)
                )
            )
    told = shell("get", "inventory", bucket).out
    assert [f"id: n{number:03}" in told for number in (0, 99, 100)] == [True] * 3


def test_a_change_of_redundancy_is_a_task(shell: Shell, make: Callable[[str], str]) -> None:
    bucket = make("redundancyTransition")
    task = shell("put", "redundancy-transition", bucket, "ZRS", "--json").document["task_id"]
    told = shell("get", "redundancy-transition", bucket, task, "--json").document
    assert (told["task_id"], told["status"]) == (task, "Queueing")


def test_replication_has_its_places_progress_and_time_control(shell: Shell, make: Callable[[str], str]) -> None:
    bucket = make("replication")
    document = json.dumps(CASES["replication"].document).encode()
    assert shell("put", "replication", bucket, "--json", raw=document).document["replication_rule_id"] == "r1"
    assert shell("get", "replication-location", bucket, "--json").status == 0
    progress = shell("get", "replication-progress", bucket, "r1", "--json").document
    assert [each["id"] for each in progress["rules"]] == ["r1"]
    raw = b'{"rtc": {"status": "enabled"}, "id": "r1"}'
    assert shell("put", "rtc", bucket, raw=raw).status == 0
    (rule,) = shell("get", "replication", bucket, "--json").document["rules"]
    assert rule["rtc"] == {"status": "enabled"}


def test_a_policy_is_what_it_was_byte_for_byte(shell: Shell, make: Callable[[str], str], server: ServerProcess) -> None:
    bucket = make("policy")
    document = named(POLICY, bucket)
    raw = json.dumps(document, indent=7).encode()
    assert shell("put", "policy", bucket, raw=raw).status == 0
    with ossicle.Client(settings(server)) as client:
        assert client.get_bucket_policy(ossicle.GetBucketPolicyRequest(bucket=bucket)).body == raw
    assert shell("get", "policy", bucket, "--json").document == document
    assert shell("get", "policy-status", bucket, "--json").document == {"is_public": False}


@pytest.mark.parametrize(
    ("arguments", "raw", "message"),
    [
        (("put", "inventory", None), b"{}", "put inventory needs a VALUE"),
        (("get", "cname-token", None), None, "the cname"),
        (("get", "cors", "x"), None, "get cors takes no 'x'"),
        (("put", "acl", None), None, "put acl needs a VALUE"),
        (("put", "acl", "private"), b"{}", "put acl has none"),
        (("complete", "cors", None), None, "there is no complete of cors; there is get, put, delete"),
        (("delete", "cname", None), None, "delete what?"),
        (("put", "policy-status", None), None, "there is get"),
    ],
)
def test_what_is_not_understood(
    shell: Shell, arguments: tuple[str, str, str | None], raw: bytes | None, message: str
) -> None:
    action, setting, value = arguments
    refused = shell(action, setting, "some-bucket", value, raw=raw)
    assert (refused.status, refused.out) == (2, "")
    assert message in refused.err
