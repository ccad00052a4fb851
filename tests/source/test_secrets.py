"""What is taken for a secret, what only stands for one, and texts without them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl_lint.source.secret_words import suspicious_words
from asl_lint.source.secrets import (
    MASK,
    by_form,
    by_name,
    concealed,
    concealer,
    in_unread,
    looks_random,
    masked,
    name_concealer,
    secret_values,
    starred,
)  # fmt: skip

MIXED = "Zk4Qw9Rt2Yp7Lm3Nc8Vb5Xd1Hg6Js0Fa"
"""32 letters and digits as no name has them."""
FORMED = [
    ("AKIA" + "QZ7XW2MNP3KRT4VL", "the id of an AWS access key"),
    ("AKIA" + "Q7XW3MZK9RT2VBND", "the id of an AWS access key"),
    ("ASIA" + "QZ7XW2MNP3KRT4VL", "the id of an AWS access key"),
    ("ghp_" + MIXED + "Qw9z", "a token of GitHub"),
    ("github_pat_" + MIXED, "a token of GitHub"),
    ("glpat-" + MIXED[:20], "a token of GitLab"),
    ("xoxb-" + MIXED, "a token of Slack"),
    ("xoxb-" + "1234567890123-1234567890123-" + MIXED[:24], "a token of Slack"),
    ("xoxp-" + "283940581726-283940581726-2839405817263-" + MIXED, "a token of Slack"),
    ("sk_live_" + MIXED, "a key of Stripe"),
    ("sk-proj-" + MIXED, "a key of a model's service"),
    ("AIza" + MIXED + "Qw9", "a key of a Google API"),
    ("SG." + MIXED[:22] + "." + MIXED + MIXED[:11], "a key of SendGrid"),
    ("npm_" + MIXED + "Qw9z", "a token of npm"),
    ("eyJhbGciOiJIUzI1" + ".eyJzdWIiOiIx" + "Mjkw." + MIXED, "a signed token (JWT)"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "a private key"),
]


@pytest.mark.parametrize(("text", "what"), FORMED)
def test_a_key_is_known_by_the_form_that_its_service_gives_it(text: str, what: str) -> None:
    found = list(by_form(f"before {text} behind"))
    assert [(one.what, one.is_sure) for one in found] == [(what, True)]
    assert f"before {text} behind"[found[0].start : found[0].end] == text
    assert suspicious_words(text)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgres://app:hunter2x@db:5432/orders", "hunter2x"),
        ("jdbc:mysql://db/orders?user=app&password=hunter2x&ssl=1", "hunter2x"),
        ("jdbc:oracle:thin:app/hunter2x@//db:1521/orders", "hunter2x"),
        (f"https://files.example.net/a?sv=1&sig={MIXED}", MIXED),
        (f"https://api.example.net/a?api_key={MIXED}", MIXED),
        (f"AccountName=a;AccountKey={MIXED}{MIXED}==;Endpoint=b", f"{MIXED}{MIXED}=="),
        (f"{{% 'Bearer {MIXED}' %}}", MIXED),
        ("psql --password=hunter2x --host db", "hunter2x"),
        ("PGPASSWORD=hunter2x psql", "hunter2x"),
        ('{"user": "app", "password": "hunter"}', "hunter"),
        ('{\\"password\\": \\"hunter\\"}', "hunter"),
        (f"https://hooks.slack.com/services/T0{MIXED}", f"T0{MIXED}"),
    ],
)
def test_a_secret_is_known_by_what_stands_beside_it(text: str, secret: str) -> None:
    assert {text[one.start : one.end] for one in by_form(text)} == {secret}


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "https://user:password@example.net",
        "https://user:${Password}@db",
        "postgres://$user:$password@db",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-Zk4Qw9",
        "States.Format('Bearer {}', $.token)",
        "{% 'Bearer ' & $states.input.token %}",
        "{% {'password': $states.input.password1} %}",
        "{{resolve:secretsmanager:db:SecretString:password1}}",
        "the password: must be renewed",
        "--password ${Password1}",
        "password=<your password 1>",
        "basic authentication2024 of the API",
        "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "$$.Task.Token",
    ],
)
def test_what_stands_for_a_secret_is_none(text: str) -> None:
    assert list(by_form(text)) == []
    assert masked(text) == text


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("password", "hunter2x", "a password"),
        ("DB_PASSWORD", "correct-horse", "a password"),
        ("masterUserPassword", "S3cr3t!", "a password"),
        ("apiKey", MIXED, "a key"),
        ("x-api-key", MIXED, "a key"),
        ("AWS_SECRET_ACCESS_KEY", MIXED + "Zk4Qw9Rt", "a key"),
        ("client_secret", MIXED, "a secret"),
        ("accessToken", "3f2b8c1d-9e4a-4d7c-8b6f-1a2e3c4d5f60", "a token"),
        ("Authorization", "Bearer " + MIXED, "the credentials of an Authorization header"),
        ("Authorization", f"{{% 'Basic {MIXED}' %}}", "the credentials of an Authorization header"),
    ],
)
def test_a_secret_is_known_by_its_name(name: str, value: str, what: str) -> None:
    found = by_name(name, value)
    assert found is not None
    assert (found.what, found.is_sure) == (what, False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", ""),
        ("password", "${Password}"),
        ("password", "password"),
        ("password", "<password>"),
        ("password", "********"),
        ("password", "your-password-here"),
        ("password", "arn:aws:ssm:eu-west-1:123456789012:parameter/db"),
        ("password", "/prod/db/password1"),
        ("password", "$.password1"),
        ("password.$", "hunter2x"),
        ("password", "{% $password %}"),
        ("passwordSecretName", "hunter2x"),
        ("SecretId", MIXED),
        ("KeyId", MIXED),
        ("ClientToken", MIXED),
        ("NextToken", MIXED),
        ("taskToken", MIXED),
        ("token", "order-token-of-customer-7"),
        ("secret", "prod/orders/db-v2"),
        ("apiKey", "orders-api-key"),
        ("token", "short1"),
        ("partitionKey", MIXED),
    ],
)
def test_what_a_name_does_not_make_a_secret(name: str, value: str) -> None:
    assert by_name(name, value) is None


@pytest.mark.parametrize(
    "value", ["my-state-machine-name-2024", "OrderServiceProductionV2", "aaaaaaaaaaaaaaaa1", "0123456789012345"]
)
def test_a_name_made_of_words_does_not_look_random(value: str) -> None:
    assert not looks_random(value)


@given(
    st.lists(st.text("abcXYZ019_-", min_size=4, max_size=40), min_size=1, max_size=4),
    st.data(),
)
def test_a_text_shows_no_six_characters_of_a_secret_together(secrets: list[str], data: st.DataObject) -> None:
    conceal = concealer(secrets)
    pieces = []
    for secret in secrets:
        start = data.draw(st.integers(0, len(secret) - 1))
        pieces += [data.draw(st.text(" .,", max_size=3)), secret[start : data.draw(st.integers(start, len(secret)))]]
    shown = conceal("".join([*pieces, *secrets]))
    for secret in secrets:
        size = min(6, len(secret))
        assert not any(secret[i : i + size] in shown for i in range(len(secret) - size + 1))


def test_a_text_without_a_secret_is_left_as_it_is() -> None:
    conceal = concealer(["hunter2x"])
    assert (
        conceal('Next names the state "hunt", which is not in this scope')
        == 'Next names the state "hunt", which is not in this scope'
    )
    assert conceal('"hunter2…" and hunter2x') == f'"{MASK}…" and {MASK}'


def test_a_part_of_a_secret_that_is_a_public_word_says_nothing_unless_more_of_it_follows() -> None:
    conceal = concealer(["States2024!"], ["States"])
    assert conceal("States.Timeout in /States/A") == "States.Timeout in /States/A"
    assert conceal('"States20…" and States2024!') == f'"{MASK}…" and {MASK}'


def test_names_are_without_whole_secrets_each_with_a_mask_of_its_own() -> None:
    conceal = name_concealer(["hunter2x", 'a/b"c~1', "Ab1"])
    assert conceal("/States/hunter2x and hunter2") == f"/States/{MASK} and hunter2"
    assert conceal('/States/a~1b"c~01') == f"/States/{MASK}2"
    assert conceal("Ab1 and Ab12") == f"{MASK}3 and Ab12"


@given(st.text("ab\n\r\u2028:/", max_size=60), st.data())
def test_the_text_of_a_file_keeps_its_length_and_lines(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = masked(text, [(start, end)])
    assert len(shown) == len(text)
    assert [m.start() for m in re.finditer(r"[\r\n\u2028]", shown)] == [m.start() for m in re.finditer(r"[\r\n\u2028]", text)]
    assert set(shown[start:end]) <= set("*\r\n\u2028")


def test_the_same_characters_elsewhere_in_a_file_are_the_same_secret() -> None:
    assert masked("a: hunter2x\n# was hunter2x", [(3, 11)]) == "a: ********\n# was ********"


def test_a_pattern_of_iam_takes_the_address_without_its_secret() -> None:
    assert starred(f"https://app:hunter2x@api.example.net/?api_key={MIXED}") == "https://app:*@api.example.net/?api_key=*"


@pytest.mark.parametrize(
    "text",
    ['{"password":{"a":hunter2x}}', "{password: [hunter2x, }", '"password": [ {"old": hunter2x', "password: hunter2x, b: ]"],
)
def test_what_stands_in_brackets_behind_a_name_is_a_secret_of_a_text_that_is_broken(text: str) -> None:
    assert {text[one.start : one.end] for one in in_unread(text)} == {"hunter2x"}
    assert concealed("hunter2x has no quotes", text) == f"{MASK} has no quotes"


@pytest.mark.parametrize("text", ['"GetToken": {"Type": "Task", "Next": "Step2"', '{"password": {"Ref": "Password"}'])
def test_what_is_no_secret_is_told_of_a_text_that_is_broken(text: str) -> None:
    assert list(in_unread(text)) == []


def test_values_that_are_given_are_secrets_by_their_name_or_form() -> None:
    given = {"DbPassword": "hunter2x", "Table": "orders", "Address": "https://app:hunter3x@db", "Password": 5}
    assert list(secret_values(given)) == [("DbPassword", "hunter2x"), ("Address", "hunter3x")]
