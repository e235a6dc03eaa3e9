"""Random histories of retained objects against a model: what may go goes, what may not stays as it was, whatever the order."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ossicle.wire.text import render_iso_millis
from tests.support.inprocess import NOON, Answer, FrozenClock, build_server
from tests.support.uploading import begun, complete
from tests.support.versioning import set_versioning

R = TypeVar("R")

KEYS = st.sampled_from(["key", "key/2"])
MODES = st.sampled_from(["GOVERNANCE", "COMPLIANCE"])
DAYS = st.integers(1, 3)
PLACES = st.integers(0, 3)
BYPASS = ("x-oss-bypass-governance-retention", "true")
IMMUTABLE = (409, "FileImmutable", "0026-00000005")


@dataclass
class Kept:
    """A version that should be there; a delete marker has no body."""

    id: str
    body: bytes | None
    written: datetime
    mode: str | None = None
    until: datetime | None = None
    is_held: bool = False


@dataclass
class Policy:
    """The retention policy of the bucket."""

    id: str
    days: int
    begun: datetime
    is_locked: bool = False


class RetentionMachine(RuleBasedStateMachine):
    """On memory stores. `model` has the versions of each key, the newest first; without versions at most one."""

    is_versioned = True

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FrozenClock(NOON.replace(microsecond=0))
        self.server = build_server(clock=self.clock)
        self.model: dict[str, list[Kept]] = {"key": [], "key/2": []}
        self.policy: Policy | None = None
        self.default: tuple[str, int] | None = None
        self.serial = 0

    def run(self, work: Coroutine[None, None, R]) -> R:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.runner.close()

    def call(self, method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Answer:
        return self.run(self.server.call(method, f"/bucket/{target}", headers=headers, body=body))

    @initialize()
    def begin(self) -> None:
        self.run(self.server.put_bucket("bucket"))
        if self.is_versioned:
            self.run(set_versioning(self.server, "Enabled"))
        self.run(self.server.put_object("/bucket/source", b"source"))
        self.allow()
        for key in self.model:
            self.put(key)

    def allow(self) -> None:
        """Do what a bucket needs besides."""

    # What should be so

    def policy_now(self) -> Policy | None:
        policy = self.policy
        is_over = policy is not None and not policy.is_locked and self.clock.now >= policy.begun + timedelta(days=1)
        return None if is_over else policy

    def is_protected(self, kept: Kept, *, is_bypassing: bool = False) -> bool:
        if kept.body is None:
            return False
        if kept.is_held:
            return True
        is_kept = kept.until is not None and self.clock.now < kept.until
        if is_kept and (kept.mode == "COMPLIANCE" or not is_bypassing):
            return True
        policy = self.policy_now()
        return policy is not None and self.clock.now < kept.written + timedelta(days=policy.days)

    def found(self, key: str, place: int) -> Kept | None:
        versions = self.model[key]
        return versions[place % len(versions)] if versions else None

    def note(self, key: str, answer: Answer, body: bytes | None) -> None:
        """Judge a write or a deletion of the latest, and note what it must have done."""
        versions = self.model[key]
        if not self.is_versioned:
            if versions and self.is_protected(versions[0]):
                assert answer.refusal == IMMUTABLE
                return
            versions[:] = [] if body is None else [Kept("null", body, self.clock.now)]
        else:
            kept = Kept(answer.header("x-oss-version-id") or "", body, self.clock.now)
            if self.default is not None and body is not None:
                kept.mode, kept.until = self.default[0], self.clock.now + timedelta(days=self.default[1])
            versions.insert(0, kept)
        assert answer.status in (200, 204), answer.body

    # Writing and deleting

    @rule(key=KEYS)
    def put(self, key: str) -> None:
        self.serial += 1
        body = b"%d" % self.serial
        self.note(key, self.call("PUT", key, body=body), body)

    @rule(key=KEYS)
    def copy(self, key: str) -> None:
        self.note(key, self.call("PUT", key, ("x-oss-copy-source", "/bucket/source")), b"source")

    @rule(key=KEYS)
    def link(self, key: str) -> None:
        answer = self.call("PUT", f"{key}?symlink", ("x-oss-symlink-target", "source"))
        self.note(key, answer, b"source")

    @rule(key=KEYS)
    def complete(self, key: str) -> None:
        latest = self.found(key, 0)
        if latest is not None and not self.is_versioned and self.is_protected(latest):
            assert self.call("POST", f"{key}?uploads").refusal == IMMUTABLE
            return
        self.serial += 1
        body = b"part %d" % self.serial
        upload_id, parts = self.run(begun(self.server, f"/bucket/{key}", body))
        self.note(key, self.run(complete(self.server, f"/bucket/{key}", upload_id, *parts)), body)

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        self.note(key, self.call("DELETE", key), None)

    @rule(key=KEYS, place=PLACES, is_bypassing=st.booleans(), is_one_of_many=st.booleans())
    def remove(self, key: str, place: int, *, is_bypassing: bool, is_one_of_many: bool) -> None:
        kept = self.found(key, place)
        if kept is None:
            return
        headers = (BYPASS,) if is_bypassing else ()
        may_go = not self.is_protected(kept, is_bypassing=is_bypassing)
        if is_one_of_many:
            named = f"<Delete><Object><Key>{key}</Key><VersionId>{kept.id}</VersionId></Object></Delete>"
            answer = self.call("POST", "?delete", *headers, body=named.encode())
            assert [child.name for child in answer.xml.children] == ["Deleted" if may_go else "Error"]
        else:
            answer = self.call("DELETE", f"{key}?versionId={kept.id}", *headers)
            assert answer.refusal == ((204, "", None) if may_go else IMMUTABLE)
        if may_go:
            self.model[key].remove(kept)

    @rule(hours=st.sampled_from([1, 12, 24]))
    def wait(self, hours: int) -> None:
        self.clock.advance(hours=hours)

    # Looking

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        for key, versions in self.model.items():
            for kept in versions:
                answer = self.call("GET", f"{key}?versionId={kept.id}")
                assert (answer.status, answer.body) == (200, kept.body) or kept.body is None
                if kept.body is not None:
                    until = None if kept.until is None else render_iso_millis(kept.until)
                    told = [answer.header(f"x-oss-object-worm-{name}") for name in ("mode", "retain-until-date")]
                    assert told == [kept.mode, until]
            latest = versions[0].body if versions else None
            answer = self.call("GET", key)
            assert (answer.status, answer.body) == (200, latest) if latest is not None else answer.status == 404


class PolicyMachine(RetentionMachine):
    """A bucket that may have a policy."""

    @rule(days=DAYS)
    def initiate(self, days: int) -> None:
        document = f"<InitiateWormConfiguration><RetentionPeriodInDays>{days}</RetentionPeriodInDays></InitiateWormConfiguration>"
        answer = self.call("POST", "?worm", body=document.encode())
        if self.policy_now() is not None:
            assert answer.refusal[1] == "WORMConfigurationAlreadyExists"
            return
        assert answer.status == 200
        self.policy = Policy(answer.header("x-oss-worm-id") or "", days, self.clock.now)

    @rule()
    def abort(self) -> None:
        answer = self.call("DELETE", "?worm")
        if self.policy is not None and self.policy.is_locked:
            assert answer.refusal[1] == "WORMConfigurationLocked"
        else:
            assert answer.status == 204
            self.policy = None

    @precondition(lambda self: self.policy is not None)
    @rule()
    def lock(self) -> None:
        assert self.policy is not None
        answer = self.call("POST", f"?wormId={self.policy.id}")
        if self.policy_now() is None:
            assert answer.refusal[1] == "NoSuchWORMConfiguration"
        elif self.policy.is_locked:
            assert answer.refusal[1] == "WORMConfigurationLocked"
        else:
            assert answer.status == 200
            self.policy.is_locked = True

    @precondition(lambda self: self.policy is not None and self.policy.is_locked)
    @rule(days=st.integers(1, 5))
    def extend(self, days: int) -> None:
        assert self.policy is not None
        document = (
            f"<ExtendWormConfiguration><RetentionPeriodInDays>{days}</RetentionPeriodInDays></ExtendWormConfiguration>"
        )
        answer = self.call("POST", f"?wormId={self.policy.id}&wormExtend", body=document.encode())
        if days < self.policy.days:
            assert answer.refusal[1] == "InvalidWORMConfiguration"
        else:
            assert answer.status == 200
            self.policy.days = days

    @invariant()
    def the_policy_is_told(self) -> None:
        answer, policy = self.call("GET", "?worm"), self.policy_now()
        if self.serial:
            assert answer.status == (404 if policy is None else 200)
            assert policy is None or f"<RetentionPeriodInDays>{policy.days}<".encode() in answer.body


class PolicyWithoutVersionsMachine(PolicyMachine):
    """The same, where a write replaces."""

    is_versioned = False


class VersionRetentionMachine(RetentionMachine):
    """A bucket whose versions say it themselves."""

    def allow(self) -> None:
        worm = b"<ObjectWormConfiguration><ObjectWormEnabled>Enabled</ObjectWormEnabled></ObjectWormConfiguration>"
        assert self.call("PUT", "?objectWorm", body=worm).status == 200

    @rule(mode=MODES, days=DAYS, is_default=st.booleans())
    def change_default(self, mode: str, days: int, *, is_default: bool) -> None:
        inside = f"<Rule><DefaultRetention><Mode>{mode}</Mode><Days>{days}</Days></DefaultRetention></Rule>"
        document = f"<ObjectWormEnabled>Enabled</ObjectWormEnabled>{inside if is_default else ''}"
        body = f"<ObjectWormConfiguration>{document}</ObjectWormConfiguration>".encode()
        assert self.call("PUT", "?objectWorm", body=body).status == 200
        self.default = (mode, days) if is_default else None

    @rule(key=KEYS, place=PLACES, mode=MODES, days=DAYS, is_bypassing=st.booleans())
    def retain(self, key: str, place: int, mode: str, days: int, *, is_bypassing: bool) -> None:
        kept = self.found(key, place)
        if kept is None or kept.body is None:
            return
        until = self.clock.now + timedelta(days=days)
        document = f"<Mode>{mode}</Mode><RetainUntilDate>{render_iso_millis(until)}</RetainUntilDate>"
        headers = (BYPASS,) if is_bypassing else ()
        target = f"{key}?retention&versionId={kept.id}"
        answer = self.call("PUT", target, *headers, body=f"<Retention>{document}</Retention>".encode())
        may = True
        if kept.until is not None and self.clock.now < kept.until:
            is_longer = until >= kept.until
            may = is_longer and mode == "COMPLIANCE" if kept.mode == "COMPLIANCE" else is_longer or is_bypassing
        assert answer.refusal == ((200, "", None) if may else (403, "AccessDenied", None))
        if may:
            kept.mode, kept.until = mode, until

    @rule(key=KEYS, place=PLACES, is_held=st.booleans())
    def hold(self, key: str, place: int, *, is_held: bool) -> None:
        kept = self.found(key, place)
        if kept is None or kept.body is None:
            return
        document = f"<LegalHold><Status>{'ON' if is_held else 'OFF'}</Status></LegalHold>"
        assert self.call("PUT", f"{key}?legalHold&versionId={kept.id}", body=document.encode()).status == 200
        kept.is_held = is_held


OFTEN = settings(max_examples=25, stateful_step_count=30)
TestPolicy = PolicyMachine.TestCase
TestPolicy.settings = OFTEN
TestPolicyWithoutVersions = PolicyWithoutVersionsMachine.TestCase
TestPolicyWithoutVersions.settings = OFTEN
TestVersionRetention = VersionRetentionMachine.TestCase
TestVersionRetention.settings = OFTEN
