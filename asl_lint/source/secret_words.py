"""Which words of a text suggest a secret: a cheap necessary check, apart from what then looks for one."""

from collections.abc import Iterator
from functools import lru_cache

from asl_lint.late import Final

_ORDINARY: Final = ("token", "secret")
_OF_FORMS: Final = (
    "akia", "asia", "glpat", "xox", "hooks.slack.com", "/api/webhooks/", "klive", "skproj", "sksvcacct", "skadmin", "skant",
    "t3blbkfj", "aiza", "npm", "pypi", "eyj", "githubpat",
)  # fmt: skip
_WORDS: Final = (
    *_OF_FORMS, "passw", "pwd", "passphrase", "authorization", "bearer", "basic ", "jdbc:", *_ORDINARY,
)  # fmt: skip
_KEYS: Final = (
    "apikey", "secretkey", "accesskey", "privatekey", "private key", "accountkey", "signingkey", "subscriptionkey",
    "licensekey", "authkey", "integrationkey", "routingkey",
)  # fmt: skip
_GITHUB: Final = ("ghp", "gho", "ghu", "ghs", "ghr")
_SIGNATURES: Final = ("sig=", "signature=")
"""One of these is in every text that holds a secret as ``secrets`` finds it, or of the signs of an address and of SendGrid."""

OF_FORMS: Final = frozenset((*_OF_FORMS, *_GITHUB, "private key", "sg."))
"""One of these is in every text that holds what a service gives as a key, whatever stands beside it."""

_HARMLESS: Final = (
    "tasktoken", "task.token", "clienttoken", "nexttoken", "clientrequesttoken", "secretsmanager", "secretid", "secretarn",
    "secretname", "secretstring",
)  # fmt: skip
"""Words of the language and of services in which ``token`` or ``secret`` occurs."""

_SMALL: Final = bytes(range(256)).lower()
_NO_LETTERS: Final = bytes(range(256)).translate(None, b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def plain(text: str) -> str:
    """The text in which the words are looked for: in small letters, without hyphens and underscores."""
    return text.lower().replace("_", "").replace("-", "")


@lru_cache(maxsize=8)
def suspicious_words(text: str) -> tuple[str, ...]:
    """The words that occur, as ``plain`` has them: none in a text that holds no secret. Some 150 µs for 10,000 characters."""
    possible = [*_possible_words(text), *_possible_signs(text)]
    if not possible:
        return ()
    written = plain(text)
    found = [word for word in possible if word in written]
    if "token" in found or "secret" in found:
        for word in _HARMLESS:
            written = written.replace(word, "")
        found = [word for word in found if word not in _ORDINARY or word in written]
    return tuple(found)


def letters(text: str) -> bytes:
    """The letters of a text of ASCII, as small ones: less than half of a definition, so that words are found sooner."""
    return text.encode("ascii").translate(_SMALL, _NO_LETTERS)


_LETTERS: Final = {word: letters(word) for word in (*_WORDS, *_KEYS)}


def _possible_words(text: str) -> Iterator[str]:
    """The words whose letters occur in a row, whatever stands between them."""
    if not text.isascii():  # there are characters whose small letter is one of ASCII
        yield from (*_WORDS, *_KEYS, *_GITHUB)
        return
    found = letters(text)
    yield from (word for word in _WORDS if _LETTERS[word] in found)
    if b"key" in found:
        yield from (word for word in _KEYS if _LETTERS[word] in found)
    if b"gh" in found:
        yield from _GITHUB


def _possible_signs(text: str) -> Iterator[str]:
    if "=" in text:
        small = text.lower()
        yield from (word for word in _SIGNATURES if word in small)
    if "@" in text and "://" in text:
        yield "://"
    if "SG." in text:
        yield "sg."
