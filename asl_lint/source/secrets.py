"""Secrets that a text holds written out, by their form or by the name beside them, and a text without them.

A form is one that a service gives its keys. A name (``password``, ``ApiKey``, ``Authorization``) counts with a value that is
meant: what refers to a secret, stands for one or is plain words is none. Linear.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from json import dumps
from math import log2

from asl_lint.late import Final, NamedTuple, Pattern
from asl_lint.source.secret_words import OF_FORMS, letters, suspicious_words


class Secret(NamedTuple):
    """Where in a text a secret stands and what it is, with its article. ``is_sure``: its form alone says so."""

    start: int
    end: int
    what: str
    is_sure: bool = True


_FORMS: Final[Sequence[tuple[tuple[str, ...], str, str]]] = (
    (("akia",), r"\bAKIA[A-Z0-9]{16}\b", "the id of an AWS access key"),
    (("asia",), r"\bASIA[A-Z0-9]{16}\b", "the id of an AWS access key"),
    (("gho_", "ghp_", "ghs_", "ghu_", "ghr_"), r"\bgh[opsur]_[A-Za-z0-9]{36,255}\b", "a token of GitHub"),
    (("github_pat_",), r"\bgithub_pat_[A-Za-z0-9_]{22,255}\b", "a token of GitHub"),
    (("glpat-",), r"\bglpat-[A-Za-z0-9_-]{20,}", "a token of GitLab"),
    (("xox",), r"\b(xox[abeoprs]-(?:\d+-)*([A-Za-z0-9-]{10,}))", "a token of Slack"),
    (
        ("hooks.slack.com",),
        r"https://hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_-]{20,})",
        "the address of a Slack webhook",
    ),
    (
        ("/api/webhooks/",),
        r"https://discord(?:app)?\.com/api/webhooks/(\d{15,}/[\w-]{40,})",
        "the address of a Discord webhook",
    ),
    (("k_live_",), r"\b[rs]k_live_[A-Za-z0-9]{16,}", "a key of Stripe"),
    (("sk-",), r"\bsk-(?:proj|svcacct|admin|ant)-[A-Za-z0-9_-]{32,}", "a key of a model's service"),
    (("t3blbkfj",), r"\bsk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}\b", "a key of a model's service"),
    (("aiza",), r"\bAIza[A-Za-z0-9_-]{35}(?![\w-])", "a key of a Google API"),
    (("sg.",), r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![\w-])", "a key of SendGrid"),
    (("npm_",), r"\bnpm_[A-Za-z0-9]{36}\b", "a token of npm"),
    (("pypi-",), r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}", "a token of PyPI"),
    (("eyj",), r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", "a signed token (JWT)"),
    (
        ("private key",),
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
        r"|[\s\S]*)",
        "a private key",
    ),
)
"""Small letters, of which the form has some in it, the form, of which the first group is what counts, and what it is a form of.
The last group is what chance has drawn: the numbers before it may count up."""

_BESIDE: Final[Sequence[tuple[tuple[str, ...], str, str, bool]]] = (
    (("://",), r"\b[a-z][a-z0-9+.-]*://[^\s/:@?#\"'<>{}$]*:([^\s/@\"'<>{}$]+)@", "a password in an address", False),
    (("jdbc:",), r"\bjdbc:oracle:thin:[^\s/:@\"'{}$]+/([^\s@\"'<>{}$]+)@", "a password in an address", False),
    (
        ("password=", "passwd=", "pwd="),
        r"[?&;]\s*(?:password|passwd|pwd)=([^\s&;\"'<>{}$\\]+)",
        "a password in an address",
        False,
    ),
    (("key=",), r"\b(?:shared)?(?:account|access)key=([A-Za-z0-9+/]{40,}={0,2})", "a key in an address", True),
    (
        ("=",),
        r"[?&](?:api[_-]?key|(?:access|auth|api|id)?[_-]?token|(?:client[_-]?)?secret|sig|x-amz-signature)=([\w%+/=.~-]{12,})",
        "a key in an address",
        True,
    ),
    (
        ("bearer", "basic", "apikey"),
        r"\b(?:bearer|basic|apikey)\s+([A-Za-z0-9+/=._~-]{16,})",
        "the credentials of an Authorization header",
        True,
    ),
)
"""As above, what stands beside a secret; and whether the secret must look like chance."""

_ENDINGS_BUT_KEY: Final = ("password", "passwd", "passphrase", "pwd", "secret", "token", "authorization")
_ENDINGS: Final = (*_ENDINGS_BUT_KEY, "key")
_GIVES: Final = Pattern(r"(?:\\?[\"'])?\s*[:=]")
_NAME: Final = r"(?<![\w.-])([\w.-]++(?:{}))(?:\\?[\"'])?\s*(?::=|=>|[:=])\s*".format(
    "|".join(f"(?<={word})" for word in _ENDINGS)
)
"""A name of secrets, whole, and what stands between it and its value. It is looked at from behind: linear in its length."""

_NAMED: Final = _NAME + r"(\\?[\"'])?([^\s\"'&;,<>(){}\[\]\\]+)"
"""A name and its value in a text that is no structure here: a command line, JSON in a string, a file."""

_BRACKETED: Final = _NAME + r"([\[{][^\]}]{0,400})"
"""A name and what stands in brackets as its value, or the beginning of that."""

_PASSWORDS: Final = ("password", "passwd", "passphrase", "pwd")
_KEYS: Final = (
    "secretkey", "secretaccesskey", "apikey", "privatekey", "accountkey", "signingkey", "subscriptionkey", "licensekey",
    "authkey", "integrationkey", "routingkey", "secret", "token", "authorization",
)  # fmt: skip
_NO_TOKENS: Final = (
    "clienttoken", "clientrequesttoken", "nexttoken", "tasktoken", "idempotencytoken", "pagetoken", "continuationtoken",
    "starttoken", "nextpagetoken", "marketplacetoken", "synctoken", "deduplicationtoken", "requesttoken", "creatortoken",
)  # fmt: skip
"""Names of tokens that open nothing."""

_STANDS_FOR: Final = Pattern(
    r"example|redacted|change_?-?me|placeholder|\byour|dummy|fake|insert|replace|todo|resolve:|secretsmanager|\bssm\b|arn:|x{4}"
    r"|\*{3}|\.{3}|<[^>]*>|\$\{|\{\{|\{%|%\(|%s|\bsecure_?string\b|0123456789|123456789|abcdef",
    re.IGNORECASE,
)
_PLAIN_WORDS: Final = frozenset((
    "a", "an", "and", "any", "api", "auth", "authorization", "aws", "bearer", "basic", "client", "code", "credentials",
    "db", "default", "demo", "does", "empty", "for", "from", "given", "here", "hidden", "id", "in", "is", "it", "key",
    "keys", "local", "localhost", "mock", "my", "n", "na", "name", "nil", "no", "none", "not", "null", "of", "on", "or",
    "pass", "passwd", "password", "private", "public", "pwd", "sample", "secret", "secrets", "some", "string", "test",
    "testing", "text", "the", "this", "to", "token", "tokens", "true", "false", "unknown", "user", "username", "value",
    "values", "via", "x", "xx", "xxx", "z",
))  # fmt: skip
_IDENTIFIER: Final = Pattern(r"(?:[A-Z]?[a-z]+|[A-Z][a-z]*(?=[A-Z])|[A-Z]+)*\d{0,4}[a-z]?")
_LITERAL: Final = Pattern(r"\{%\s*(['\"])([^'\"]*)\1\s*%\}")


def by_form(text: str) -> Iterator[Secret]:
    """The secrets that a text holds by their form, by what stands before them, or by a name in the text itself."""
    words = suspicious_words(text)
    if not words:
        return
    lowered = text.lower()
    for hints, pattern, what in () if OF_FORMS.isdisjoint(words) else _FORMS:
        for found in _compiled(pattern).finditer(text) if any(hint in lowered for hint in hints) else ():
            group = 1 if found.re.groups else 0
            if not stands_for_another(found[found.re.groups]):
                yield Secret(*found.span(group), what)
    for hints, pattern, what, is_random in _BESIDE:
        is_hinted = any(hint in lowered for hint in hints)
        for found in _compiled(pattern, re.IGNORECASE).finditer(text) if is_hinted else ():
            if not stands_for_another(found[1]) and (not is_random or looks_random(found[1])):
                yield Secret(*found.span(1), what)
    for found in _compiled(_NAMED, re.IGNORECASE).finditer(text) if _may_name(text) else ():
        named = by_name(found[1], found[3]) if found[2] or re.search(r"\d", found[3]) else None
        if named is not None:
            yield named._replace(start=found.start(3) + named.start, end=found.start(3) + named.end)


def _may_name(text: str) -> bool:
    """Whether a word with which names of secrets end stands before what gives it a value: mostly none does."""
    if not text.isascii():
        return True
    lowered, found = text.lower(), letters(text)
    has_key = b"key" in found and any(key.encode() in found for key in _KEYS)
    for ending in _ENDINGS if has_key else _ENDINGS_BUT_KEY:
        at = lowered.find(ending)
        while at >= 0:
            at += len(ending)
            if _GIVES.match(lowered, at):
                return True
            at = lowered.find(ending, at)
    return False


def in_unread(text: str) -> Iterator[Secret]:
    """The secrets of a text that cannot be read as a whole: also what stands in brackets behind a name of secrets."""
    yield from by_form(text)
    if not suspicious_words(text):
        return
    for found in _compiled(_BRACKETED, re.IGNORECASE).finditer(text):
        for word in _compiled(r"[^\s\"'&;:,<>(){}\[\]\\]+").finditer(text, *found.span(2)):
            named = by_name(found[1], word[0]) if re.search(r"\d", word[0]) else None
            if named is not None:
                yield named._replace(start=word.start() + named.start, end=word.start() + named.end)


def secret_values(given: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The names of the values that hold a secret, by their name or their form, each with the secret itself."""
    for name, value in given.items():
        if isinstance(value, str):
            named = by_name(name, value)
            for secret in by_form(value) if named is None else (named,):
                yield name, value[secret.start : secret.end]


def by_name(name: str, value: str) -> Secret | None:
    """The secret that a member of that name holds as its value, if it is one. A whole literal of JSONata counts as a value."""
    plain = secret_name(name)
    if not plain:
        return None
    is_password = plain.endswith(_PASSWORDS)
    start, end = 0, len(value)
    if literal := _LITERAL.fullmatch(value):
        start, end = literal.span(2)
    if plain.endswith("authorization") and (scheme := re.match(r"(?:bearer|basic|token|apikey)\s+", value[start:end], re.I)):
        start += scheme.end()
    found = value[start:end]
    if stands_for_another(found) or re.sub(r"[^a-z0-9]", "", found.lower()) in plain:
        return None
    if is_password:
        return Secret(start, end, "a password", False) if len(found) > 2 and not re.search(r"\s|^[/$]|^\d+$", found) else None
    if not looks_random(found):
        return None
    words = {"token": "a token", "secret": "a secret", "authorization": "the credentials of an Authorization header"}
    what = next((said for ending, said in words.items() if plain.endswith(ending)), "a key")
    return Secret(start, end, what, False)


@lru_cache(maxsize=2048)
def secret_name(name: str) -> str:
    """A name of secrets in small letters and digits alone; empty for any other. A definition says the same few names again."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    is_key = plain.endswith(_KEYS) and not plain.endswith(_NO_TOKENS)
    return plain if (is_key or plain.endswith(_PASSWORDS)) and not name.endswith(".$") else ""


def stands_for_another(value: str) -> bool:
    """Whether a value only stands where a secret would: a placeholder, a reference, an example, plain words, a mask."""
    if _STANDS_FOR.search(value) or value.startswith(("$", "States.")) or not re.search(r"[A-Za-z0-9]", value):
        return True
    if len(set(value)) <= 2:
        return True
    words = re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", value).lower())
    return bool(words) and not re.search(r"\d", value) and all(word in _PLAIN_WORDS for word in words)


def looks_random(value: str) -> bool:
    """Whether a value looks drawn by chance: long, letters and digits mixed, no name made of words."""
    if len(value) < 16 or not re.fullmatch(r"[\w+/=.~!@#$%^&*:-]+", value):
        return False
    if not re.search(r"\d", value) or not re.search(r"[A-Za-z]", value):
        return False
    parts = re.split(r"[-_./:@]", value)
    return not all(_IDENTIFIER.fullmatch(part) for part in parts) and _entropy(value) >= 3.0


def _entropy(value: str) -> float:
    """Bits a character, after Shannon."""
    counts = [value.count(character) for character in set(value)]
    return -sum(count / len(value) * log2(count / len(value)) for count in counts)


@cache
def _compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(pattern, flags)


# --- texts without them -----------------------------------------------------------------------------------------------------

MASK: Final = "***"
_GRAM: Final = 6
"""Characters of a secret that are not shown together: a message may quote a part of it."""


def concealer(secrets: Iterable[str], public: Iterable[str] = ()) -> Callable[[str], str]:
    """What takes these secrets out of a text: each stretch of six of their characters, and what is shorter whole.

    A stretch that is only a part of a secret stays where it is a part of one of the ``public`` words too: it says nothing.
    """
    whole = list(dict.fromkeys(secrets))
    grams: dict[int, set[str]] = {}
    for secret in whole:
        size = min(_GRAM, len(secret))
        grams.setdefault(size, set()).update(_stretches(secret, size))
    if not grams:
        return str
    ordinary = {stretch for word in public for stretch in _stretches(word, _GRAM)}

    def conceal(text: str) -> str:
        hidden = bytearray(len(text))
        for size, known in grams.items():
            for i in range(len(text) - size + 1):
                if text[i : i + size] in known:
                    hidden[i : i + size] = b"\1" * size
        if not any(hidden):
            return text
        return "".join(_shown_run(text[run.start : run.stop], bool(flag)) for flag, run in _runs(hidden))

    def _shown_run(found: str, is_hidden: bool) -> str:
        if not is_hidden:
            return found
        says_nothing = all(stretch in ordinary for stretch in _stretches(found, _GRAM)) and len(found) >= _GRAM
        return found if says_nothing and not any(secret in found for secret in whole) else MASK

    return conceal


def _stretches(text: str, size: int) -> Iterator[str]:
    return (text[i : i + size] for i in range(len(text) - size + 1))


def name_concealer(secrets: Iterable[str]) -> Callable[[str], str]:
    """What takes whole secrets out of names, pointers and our own words; the masks of two secrets differ.

    A short one is a whole word there. In a pointer, and in JSON, a secret is found as it is written there.
    """
    masks: dict[str, str] = {}
    for i, secret in enumerate(dict.fromkeys(secrets), 1):
        mask = MASK if i == 1 else f"{MASK}{i}"
        for written in (secret, secret.replace("~", "~0").replace("/", "~1"), dumps(secret)[1:-1]):
            masks.setdefault(written, mask)
    if not masks:
        return str
    longest_first = sorted(masks, key=lambda one: (-len(one), one))
    parts = [re.escape(one) if len(one) >= _GRAM else rf"(?<!\w){re.escape(one)}(?!\w)" for one in longest_first]
    pattern = re.compile("|".join(parts))
    return lambda text: pattern.sub(lambda found: masks[found[0]], text)


def concealed(message: str, content: str) -> str:
    """What is said of a text that cannot be read as a whole, without the secrets that this holds."""
    return masked(concealer(content[one.start : one.end] for one in in_unread(content))(message))


def _runs(flags: bytearray) -> Iterator[tuple[int, range]]:
    start = 0
    for i in range(1, len(flags) + 1):
        if i == len(flags) or flags[i] != flags[start]:
            yield flags[start], range(start, i)
            start = i


def starred(text: str) -> str:
    """A pattern of IAM that takes the text, with ``*`` for what is secret by its form."""
    done, pieces = 0, []
    for secret in sorted(by_form(text)):
        if secret.start >= done:
            pieces += [text[done : secret.start], "*"]
            done = secret.end
    return "".join([*pieces, text[done:]])


def masked(text: str, spans: Iterable[tuple[int, int]] = ()) -> str:
    """The text of a file with stars for the characters at some places, and for what its own forms say is secret.

    Line breaks stay, so that every other character keeps its line, column and offset.
    """
    found = [*spans, *((secret.start, secret.end) for secret in by_form(text))]
    if not found:
        return text
    hidden = {(start, end) for start, end in found}
    # The same characters elsewhere in the file are the same secret.
    for value in sorted({text[start:end] for start, end in found if end - start >= _GRAM}):
        at = text.find(value)
        while at >= 0:
            hidden.add((at, at + len(value)))
            at = text.find(value, at + 1)
    characters = list(text)
    for start, end in hidden:
        for i in range(start, min(end, len(characters))):
            if characters[i] not in "\r\n\u2028\u2029\x85":
                characters[i] = "*"
    return "".join(characters)
