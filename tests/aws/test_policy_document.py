"""Policy documents: what they allow, what they do not, and what they leave open."""

import re
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl_lint.aws.iam_patterns import ByEnding, Wide, covers, matches
from asl_lint.aws.policy_document import Evaluation, Policies, PolicyError, Statement, read_document

PATTERN = st.text("ab:*?", max_size=8)
TEXT = st.text("ab:", max_size=8)
SET = st.lists(st.builds(
    Statement, st.sampled_from(["Allow", "Deny"]), st.lists(st.text("ab*", max_size=3), min_size=1, max_size=2).map(tuple),
    st.one_of(st.none(), st.lists(st.text("ab*", max_size=3), min_size=1, max_size=2).map(tuple)),
    st.booleans(), st.booleans(), st.booleans(),
), max_size=4).map(tuple)  # fmt: skip


def policies(*statements: dict) -> Policies:
    return Policies(read_document({"Statement": list(statements)}))


def allow(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


OBJECT = "arn:aws:s3:::orders/one"


@given(PATTERN, TEXT)
def test_a_pattern_takes_what_the_glob_of_the_standard_library_takes(pattern, text):
    is_taken = re.match(translate(pattern), text) is not None
    assert matches(pattern, text) == ("yes" if is_taken else "no")


@given(PATTERN, PATTERN, TEXT)
def test_what_a_pattern_covers_it_takes_every_text_of(wide, narrow, text):
    if covers(wide, narrow) and matches(narrow, text) == "yes":
        assert matches(wide, text) == "yes"


@given(PATTERN, PATTERN, TEXT)
def test_patterns_that_share_a_text_are_not_told_apart(one, other, text):
    if matches(one, text) == matches(other, text) == "yes":
        assert matches(one, other) != "no"


ARN = st.lists(st.sampled_from(["a", "b", ":", "/", "*", "?", "${X}", "${*}", "${$}", "}"]), max_size=6).map("".join)


@given(st.lists(ARN, max_size=5), ARN)
def test_a_pattern_that_is_no_candidate_by_its_ending_takes_no_text(patterns, text):
    left_out = set(patterns) - set(ByEnding(patterns).candidates(text))
    assert [one for one in left_out if matches(one, text) != "no"] == []


@given(st.lists(PATTERN, max_size=5), PATTERN)
def test_a_text_is_covered_by_many_patterns_if_one_of_them_covers_it(patterns, text):
    wide = [one for one in patterns if "*" in one or "?" in one]
    assert Wide(patterns).cover(text) == any(one != text and covers(one, text) for one in wide)


PLACES = st.sampled_from(
    ["aws:s3:::", "aws:x:e:1:", "*:x:*:*:", "${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:", "aws:x:*:1:"]
)
RESOURCE = st.text("ab:/*?", max_size=6)


@given(
    st.lists(st.builds("arn:{}{}".format, PLACES, RESOURCE), max_size=6),
    st.builds("arn:aws:x:e:1:{}".format, st.text("ab:/", max_size=8)),
)
def test_a_pattern_of_arns_that_is_no_candidate_takes_no_text(patterns, text):
    left_out = set(patterns) - set(ByEnding(patterns).candidates(text))
    assert all(matches(pattern, text) == "no" for pattern in left_out if "${" not in pattern)


@given(SET, st.text("ab", max_size=3), st.text("ab", max_size=3))
def test_statements_together_say_what_each_of_them_says(statements, action, resource):
    def said(effect):
        alone = [Policies((one._replace(effect="Allow"),)) for one in statements if one.effect == effect]
        return {one.allows(action, resource) for one in alone}

    granted, denied = said("Allow"), said("Deny")
    if "allowed" in denied or not granted & {"allowed", "unknown"}:
        wanted = "missing"
    else:
        wanted = "allowed" if "allowed" in granted and "unknown" not in denied else "unknown"
    assert Policies(statements).allows(action, resource) == wanted


def test_each_of_many_statements_is_found_without_asking_all_of_them(monkeypatch):
    from asl_lint.aws import policy_document

    asked = []
    monkeypatch.setattr(policy_document, "matches", lambda *pair: asked.append(pair) or matches(*pair))
    queues = [f"arn:aws:sqs:eu-west-1:123456789012:{kind}{i}" for i in range(300) for kind in "ab"]
    statements = tuple(Statement("Allow", ("sqs:SendMessage",), (one if one[-4] == "a" else f"{one}-*",)) for one in queues)
    held = Evaluation(Policies(statements))
    assert all(held.allows("sqs:SendMessage", f"{one}-1") != "unknown" for one in queues)
    assert len(asked) < 10 * len(queues)


@given(SET, SET, st.text("ab", max_size=3), st.text("ab", max_size=3))
def test_a_boundary_never_adds_a_right(own, bound, action, resource):
    alone = Policies(own).allows(action, resource)
    bounded = Policies(own, boundary=Policies(bound)).allows(action, resource)
    assert (alone == "missing") <= (bounded == "missing")
    assert (bounded == "allowed") <= (alone == "allowed")


@given(SET, st.text("ab", max_size=3), st.text("ab", max_size=3))
def test_without_conditions_and_unknown_texts_there_is_no_unknown(statements, action, resource):
    plain = tuple(one._replace(is_conditional=False) for one in statements)
    assert Policies(plain).allows(action, resource) != "unknown"


@given(SET, st.text("ab", max_size=3), st.text("ab", max_size=3))
def test_an_answer_does_not_change_when_a_condition_turns_out_either_way(statements, action, resource):
    answer = Policies(statements).allows(action, resource)
    met = Policies(tuple(one._replace(is_conditional=False) for one in statements)).allows(action, resource)
    unmet = Policies(tuple(one for one in statements if not one.is_conditional)).allows(action, resource)
    if answer != "unknown":
        assert answer == met == unmet


def test_actions_compare_without_case():
    assert policies(allow("S3:getobject")).allows("s3:GetObject", OBJECT) == "allowed"


def test_resources_compare_with_case():
    assert policies(allow(resource="arn:aws:s3:::Orders/*")).allows("s3:GetObject", OBJECT) == "missing"


def test_nothing_is_allowed_that_no_statement_allows():
    assert policies(allow("s3:Get*")).allows("s3:PutObject", OBJECT) == "missing"


def test_an_explicit_deny_wins():
    assert policies(allow("s3:*"), deny()).allows("s3:GetObject", OBJECT) == "missing"


def test_a_deny_of_something_else_takes_nothing():
    assert policies(allow("s3:*"), deny(resource="arn:aws:s3:::secret/*")).allows("s3:GetObject", OBJECT) == "allowed"


def test_a_condition_leaves_it_open():
    assert policies(allow(Condition={"Bool": {"aws:SecureTransport": "true"}})).allows("s3:GetObject", OBJECT) == "unknown"
    assert (
        policies(allow(), deny(Condition={"Bool": {"aws:SecureTransport": "false"}})).allows("s3:GetObject", OBJECT) == "unknown"
    )


def test_not_action_allows_all_else():
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert policies(statement).allows("s3:GetObject", OBJECT) == "allowed"
    assert policies(statement).allows("iam:PassRole", "*") == "missing"


def test_not_resource_allows_all_else():
    statement = {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::secret/*"}
    assert policies(statement).allows("s3:GetObject", OBJECT) == "allowed"
    assert policies(statement).allows("s3:GetObject", "arn:aws:s3:::secret/one") == "missing"


def test_a_resource_that_only_a_run_knows_is_open_where_some_are_allowed():
    role = policies(allow(resource="arn:aws:s3:::orders/one"))
    assert role.allows("s3:GetObject", "arn:aws:s3:::orders/*") == "unknown"
    assert role.allows("s3:GetObject", "arn:aws:s3:::invoices/*") == "missing"


def test_the_same_placeholder_is_the_same_text():
    role = policies(allow(resource="arn:aws:s3:::${Bucket}/*"))
    assert role.allows("s3:GetObject", "arn:aws:s3:::${Bucket}/one") == "allowed"
    assert role.allows("s3:GetObject", "arn:aws:s3:::${Other}/one") == "unknown"


def test_a_value_that_is_no_text_is_not_known():
    assert policies(allow(resource={"Fn::ImportValue": "bucket"})).allows("s3:GetObject", OBJECT) == "unknown"
    assert policies(allow(action={"Ref": "Action"})).allows("s3:GetObject", OBJECT) == "unknown"


def test_a_policy_that_is_attached_and_not_known_may_allow_or_deny():
    role = policies(allow())._replace(is_whole=False)
    assert role.allows("s3:GetObject", OBJECT) == "unknown"
    assert role.allows("s3:PutObject", OBJECT) == "unknown"
    assert policies(allow("s3:*"), deny())._replace(is_whole=False).allows("s3:GetObject", OBJECT) == "missing"


def test_an_escaped_star_is_a_star():
    assert policies(allow(resource="arn:aws:s3:::orders/${*}")).allows("s3:GetObject", OBJECT) == "missing"


@pytest.mark.parametrize("value", [
    [], {"Version": "2012-10-17"}, {"Statement": ["s3:*"]}, {"Statement": {"Effect": "allow", "Action": "*"}},
    {"Statement": {"Effect": "Allow", "Resource": "*"}},
])  # fmt: skip
def test_what_is_no_policy_document_is_refused(value):
    with pytest.raises(PolicyError):
        read_document(value)
