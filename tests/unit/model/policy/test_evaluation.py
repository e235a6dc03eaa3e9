"""What policies say together, against a second telling of the rules that goes through all of them."""

import json
import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossicle.model.policy import Ask, Decision, Effect, Policy, Statement, Verdict, decide, evaluate, parse_ram_policy
from ossicle.model.policy.conditions import OPERATORS, Condition, Quantifier
from ossicle.model.policy.document import Names, ResourceName, Resources

ACTIONS = st.sampled_from(["oss:getobject", "oss:get*", "oss:*", "*", "oss:putobject", "oss:?utobject"])
PATHS = st.sampled_from(["pics", "pics/*", "pics/a/*", "*", "pics/a/b", "pics*", "pics/?/b"])
PEOPLE = st.sampled_from(["*", "1", "2", "arn:sts::1:assumed-role/r/s"])


def some(patterns: st.SearchStrategy[str]) -> st.SearchStrategy[Names]:
    return st.builds(Names, patterns=st.lists(patterns, min_size=1, max_size=2).map(tuple), is_inverted=st.booleans())


names = st.builds(
    ResourceName,
    service=st.sampled_from(["oss", "*"]),
    region=st.sampled_from(["*", "cn-hangzhou", "oss-cn-hangzhou", "oss-cn-beijing"]),
    owner=st.sampled_from(["*", "9", "8"]),
    path=PATHS,
)
conditions = st.builds(
    Condition,
    operator=st.sampled_from([OPERATORS["StringEquals"], OPERATORS["StringNotEquals"]]),
    quantifier=st.just(Quantifier.PLAIN),
    key=st.sampled_from(["oss:Prefix", "acs:UserAgent"]),
    values=st.lists(st.sampled_from(["", "a", "b"]), min_size=1, max_size=2).map(tuple),
)
statements = st.builds(
    Statement,
    effect=st.sampled_from(Effect),
    actions=some(ACTIONS),
    resources=st.builds(
        Resources, patterns=st.lists(names, min_size=1, max_size=2).map(tuple), is_inverted=st.booleans()
    ),
    principals=some(PEOPLE) | st.none(),
    conditions=st.lists(conditions, max_size=2).map(tuple),
)
policies = st.builds(Policy, statements=st.lists(statements, max_size=4).map(tuple))
asks = st.builds(
    Ask,
    action=st.sampled_from(["oss:GetObject", "oss:PutObject", "oss:ListObjects"]),
    resource=st.sampled_from(["pics", "pics/a/b", "pics/c", "other", "*"]),
    owner=st.just("9"),
    region=st.just("cn-hangzhou"),
    principals=st.sampled_from([frozenset[str](), frozenset({"1"}), frozenset({"1", "arn:sts::1:assumed-role/r/s"})]),
    values=st.dictionaries(
        st.sampled_from(["oss:Prefix", "acs:UserAgent"]), st.sampled_from(["", "a", "b"]).map(lambda value: [value])
    ),
)


def like(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text, re.DOTALL) is not None


def holds(statement: Statement, ask: Ask) -> bool:
    action = any(like(each, ask.action.lower()) for each in statement.actions.patterns)
    resource = any(
        like(each.path, ask.resource)
        and like(each.owner, ask.owner)
        and like(each.service, "oss")
        and each.region in ("*", ask.region, f"oss-{ask.region}")
        for each in statement.resources.patterns
    )
    who = statement.principals
    person = who is None or any(each == "*" or each in ask.principals for each in who.patterns) is not who.is_inverted
    said = all(
        (ask.values.get(each.key, ["missing"])[0] in each.values) is not each.operator.is_negated
        for each in statement.conditions
    )
    return (
        action is not statement.actions.is_inverted
        and resource is not statement.resources.is_inverted
        and person
        and said
    )


def told(documents: Sequence[tuple[str, Policy]], ask: Ask) -> set[Effect]:
    """The effects of all statements that fit."""
    return {each.effect for _, policy in documents for each in policy.statements if holds(each, ask)}


def verdict_of(effects: set[Effect]) -> Verdict:
    if Effect.DENY in effects:
        return Verdict.DENY
    return Verdict.ALLOW if Effect.ALLOW in effects else Verdict.NONE


@settings(max_examples=400)
@given(documents=st.lists(policies, max_size=3), ask=asks)
def test_a_deny_beats_every_allow(documents: list[Policy], ask: Ask) -> None:
    named = [(f"policy {number}", policy) for number, policy in enumerate(documents)]
    decision = evaluate(named, ask)
    assert decision.verdict is verdict_of(told(named, ask))
    if decision.source is None:
        assert decision == Decision(verdict=Verdict.NONE)
        return
    assert decision.index is not None
    by = dict(named)[decision.source].statements[decision.index]
    assert holds(by, ask)
    assert by.effect.value.lower() == decision.verdict.value


@settings(max_examples=200)
@given(documents=st.lists(policies, max_size=2), session=policies, ask=asks)
def test_a_session_is_allowed_what_both_allow(documents: list[Policy], session: Policy, ask: Ask) -> None:
    named = [(f"policy {number}", policy) for number, policy in enumerate(documents)]
    decision = decide(ask, named, session=("session", session))
    limit = verdict_of(told([("session", session)], ask))
    if limit is Verdict.ALLOW:
        assert decision == evaluate(named, ask)
    else:
        assert (decision.verdict, decision.source) == (Verdict.DENY, "session")
        assert (decision.index is None) is (limit is Verdict.NONE)


# ---------------------------------------------------------------------------------------- examples as OSS explains them

READ = {
    "Effect": "Allow",
    "Action": ["oss:GetObject"],
    "Resource": ["acs:oss:*:*:pics/beijing/2023/*", "acs:oss:*:*:pics/beijing/2024/*"],
}
LIST = {"Effect": "Allow", "Action": ["oss:ListObjects"], "Resource": ["acs:oss:*:*:pics"]}
BY_PREFIX = {**LIST, "Condition": {"StringLike": {"oss:Prefix": ["beijing/2023/*", "beijing/2024/*"]}}}
LEVELS = {"oss:Delimiter": "/", "oss:Prefix": ["", "beijing/", "beijing/2023/*", "beijing/2024/*"]}
BY_LEVEL = {**LIST, "Condition": {"StringLike": LEVELS}}
ALL = [{"Effect": "Allow", "Action": "oss:*", "Resource": ["acs:oss:*:*:b", "acs:oss:*:*:b/*"]}]
DROP_BOX = [{"Effect": "Allow", "Action": "oss:PutObject", "Resource": "acs:oss:*:*:b/user1/*"}]
OFFICE = {
    "Effect": "Deny",
    "Action": "oss:*",
    "Resource": "*",
    "Condition": {"NotIpAddress": {"acs:SourceIp": "10.0.0.0/8"}},
}
NO_DELETION = {"Effect": "Deny", "Action": "oss:DeleteObject", "Resource": "acs:oss:*:*:b/*"}
HERE, AWAY = {"acs:SourceIp": "10.1.2.3"}, {"acs:SourceIp": "11.1.2.3"}


def listing(prefix: str = "", delimiter: str = "") -> dict[str, str]:
    return {"oss:Prefix": prefix, "oss:Delimiter": delimiter}


@pytest.mark.parametrize(
    ("policy", "action", "resource", "values", "verdict"),
    [
        ([READ, BY_PREFIX], "GetObject", "pics/beijing/2023/a.jpg", {}, Verdict.ALLOW),
        ([READ, BY_PREFIX], "GetObject", "pics/beijing/2022/a.jpg", {}, Verdict.NONE),
        ([READ, BY_PREFIX], "ListObjects", "pics", listing("beijing/2023/"), Verdict.ALLOW),
        ([READ, BY_PREFIX], "ListObjects", "pics", listing("beijing/2023"), Verdict.NONE),
        ([READ, BY_PREFIX], "ListObjects", "pics", listing(), Verdict.NONE),
        ([READ, BY_LEVEL], "ListObjects", "pics", listing("", "/"), Verdict.ALLOW),
        ([READ, BY_LEVEL], "ListObjects", "pics", listing("beijing/", "/"), Verdict.ALLOW),
        ([READ, BY_LEVEL], "ListObjects", "pics", listing("beijing/"), Verdict.NONE),
        ([READ, BY_LEVEL], "ListObjects", "pics", listing("shanghai/", "/"), Verdict.NONE),
        (ALL, "PutBucketAcl", "b", {}, Verdict.ALLOW),
        (ALL, "DeleteObject", "b/a/b", {}, Verdict.ALLOW),
        (ALL, "GetObject", "b2/a", {}, Verdict.NONE),
        (DROP_BOX, "PutObject", "b/user1/a", {}, Verdict.ALLOW),
        (DROP_BOX, "PutObject", "b/user2/a", {}, Verdict.NONE),
        (DROP_BOX, "GetObject", "b/user1/a", {}, Verdict.NONE),
        (DROP_BOX, "AbortMultipartUpload", "b/user1/a", {}, Verdict.NONE),
        ([*ALL, OFFICE], "GetObject", "b/a", HERE, Verdict.ALLOW),
        ([*ALL, OFFICE], "GetObject", "b/a", AWAY, Verdict.DENY),
        ([*ALL, NO_DELETION], "DeleteObject", "b/a", {}, Verdict.DENY),
        ([NO_DELETION, *ALL], "DeleteObject", "b/a", {}, Verdict.DENY),
        ([*ALL, NO_DELETION], "GetObject", "b/a", {}, Verdict.ALLOW),
        ([*ALL, NO_DELETION], "DeleteBucket", "b", {}, Verdict.ALLOW),
    ],
)
def test_the_examples(
    policy: list[dict[str, object]], action: str, resource: str, values: dict[str, str], verdict: Verdict
) -> None:
    document = parse_ram_policy(json.dumps({"Version": "1", "Statement": policy}).encode())
    ask = Ask(
        action=f"oss:{action}",
        resource=resource,
        owner="9",
        region="cn-hangzhou",
        values={key: (value,) for key, value in values.items()},
    )
    assert evaluate([("policy", document)], ask).verdict is verdict


@pytest.mark.parametrize(
    ("name", "resource", "verdict"),
    [
        ("mybucket/*", "mybucket", Verdict.NONE),
        ("mybucket*", "mybucket2/a", Verdict.ALLOW),
        ("mybucket/?", "mybucket//", Verdict.ALLOW),
        ("mybucket/a:b", "mybucket/a:b", Verdict.ALLOW),
        ("mybucket/\u00e9", "mybucket/\u00e9", Verdict.ALLOW),
        ("mybucket/\u00e9", "mybucket/e\u0301", Verdict.NONE),
        ("mybucket/A", "mybucket/a", Verdict.NONE),
        ("mybucket/\n*", "mybucket/\n\n", Verdict.ALLOW),
        ("mybucket/a", "mybucket/*", Verdict.NONE),
    ],
)
def test_resources(name: str, resource: str, verdict: Verdict) -> None:
    statement = {"Effect": "Allow", "Action": "OSS:getobject", "Resource": f"acs:oss:*:*:{name}"}
    document = parse_ram_policy(json.dumps({"Version": "1", "Statement": statement}).encode())
    ask = Ask(action="oss:GetObject", resource=resource, owner="9", region="cn-hangzhou")
    assert evaluate([("policy", document)], ask).verdict is verdict


@pytest.mark.parametrize("region", ["", "*"])
def test_services_without_regions_may_be_named_without_one(region: str) -> None:
    statement = {"Effect": "Deny", "Action": "ram:*", "Resource": f"acs:ram:{region}:9:user/*"}
    document = parse_ram_policy(json.dumps({"Version": "1", "Statement": statement}).encode())
    ask = Ask(action="ram:DeleteUser", resource="user/ann", owner="9", region="*", service="ram")
    assert evaluate([("policy", document)], ask).verdict is Verdict.DENY


def test_no_policy_holds_up_the_others() -> None:
    like = {"StringLike": {"acs:UserAgent": ["*?cb*"] * 20}}
    statement = {"Effect": "Deny", "Action": "oss:*", "Resource": "*", "Condition": like}
    document = parse_ram_policy(json.dumps({"Version": "1", "Statement": [statement] * 40}).encode())
    agent = "ba" * 100 + "a" * 30_000 + "c" * 30_000
    values = {"acs:UserAgent": (agent,)}
    ask = Ask(action="oss:GetObject", resource="b/a", owner="9", region="cn-hangzhou", values=values)
    began = time.process_time()
    assert evaluate([("policy", document)], ask).verdict is Verdict.NONE
    assert time.process_time() - began < 2  # going through the text once for each pattern takes twenty seconds
