"""A definition in the words of its template."""

from asl_lint.source.placeholders import Placeholder
from asl_lint.source.words import ResourceName, in_words


def test_every_placeholder_that_has_a_text_is_filled_in_once() -> None:
    texts = {"Orders": "arn:${AWS::Region}:${Orders}", "Name": "n"}
    value = {"${Name}": ["x-${Orders}-${Other}", 3, None], "a": Placeholder("${Orders}"), "b": Placeholder("${Other}")}
    assert in_words(value, texts) == {
        "n": ["x-arn:${AWS::Region}:${Orders}-${Other}", 3, None],
        "a": "arn:${AWS::Region}:${Orders}",
        "b": Placeholder("${Other}"),
    }


def test_a_name_that_stands_alone_is_the_arn_of_what_it_names() -> None:
    texts = {"Work": ResourceName("work", "arn:work")}
    assert in_words(["${Work}", "${Work}:live", "the ${Work}"], texts) == ["arn:work", "work:live", "the work"]


def test_what_is_no_placeholder_stays() -> None:
    assert in_words({"a": ["$", "}", "${", True, 1.5]}, {"": "x"}) == {"a": ["$", "}", "${", True, 1.5]}
