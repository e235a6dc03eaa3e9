"""What policies say together, against a second telling of the rules that goes through all of them."""

import re
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from ossicle.model.policy import Ask, Decision, Effect, Policy, Statement, Verdict, decide, evaluate
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
