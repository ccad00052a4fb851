"""What a read of a variable comes to where the variable is not set."""

import pytest
from sfnx import testing

from asl_lint.expressions.jsonata.functions import SIGNATURES, TAKES_NOTHING
from asl_lint.facts.sites import holdings, sites
from asl_lint.facts.variable_reads import Read, reads
from asl_lint.model.machine import StateMachine


def reads_of(text: str) -> list[Read]:
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": f"{{% {text} %}}", "End": True}
    return reads(sites(holdings(StateMachine({"StartAt": "A", "States": {"A": state}}))))


def only(text: str) -> Read:
    """The last read of $v."""
    return max((read for read in reads_of(text) if read.name == "v"), key=lambda read: read.within.start)


CERTAIN = (
    "$v", "($v)", "$v.id", "$v[0]", "$v[]", "$v^(id)", "-$v", "$v + 1", "1 - $v", "$v > 1", "$sum($v)", "$string($v.id)",
    "$not($v)", "$boolean($v)", "$type($v)", "$merge($v)", "($x := 1; $v)", "$lowercase($string($v))", "$v.items[id > 1].name",
)  # fmt: skip
HARMLESS = (
    "$v = 1", "1 != $v", "$v in [1]", "[$v]", "$v ? 1 : 2", "$v and true", "$count($v)", "$append($v, 1)", "$zip($v, 1)",
)  # fmt: skip
ASKED = (
    "$exists($v)", "$not($exists($v.id))", "$exists($v) ? $v : 0", "$not($exists($v)) ? 0 : $v", "$exists($v) and $v > 1",
    "$not($exists($v)) or $v > 1", "$v ? $v : 0", "$v.id ? $v.id : 0", "$v = 1 ? $v : 0", "$v != 1 ? $v : 0", "$v > 1 ? $v : 0",
    "$v in [1] ? $v : 0", "$count($v) ? $v : 0", "$boolean($v) ? $v : 0", "$type($v) = 'number' ? $v : 0",
    "$contains($v, 'x') ? $v : 0", "($exists($v) and $exists($w)) ? $v : 0",
)  # fmt: skip
OPEN = (
    "{'x': $v}", "$v & '.'", "$exists($w) ? $v : 0", "$exists($v) ? 0 : $v", "$exists($v) or $exists($w) ? $v : 0", "[1..$v]",
    "($x := $v; $v := 2; 1)", "$sum([1, 2][$ > $v])",
)  # fmt: skip


@pytest.mark.parametrize("text", CERTAIN)
def test_a_text_that_yields_nothing_without_the_variable_is_certain(text: str) -> None:
    read = only(text)
    assert (read.certain, read.tolerant, read.asked) == (True, False, False)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_that_goes_on_without_the_variable_tolerates_that(text: str) -> None:
    read = only(text)
    assert (read.certain, read.tolerant, read.asked) == (False, True, False)


@pytest.mark.parametrize("text", ASKED)
def test_a_text_may_ask_whether_the_variable_is_set(text: str) -> None:
    read = only(text)
    assert (read.certain, read.tolerant, read.asked) == (False, True, True)


@pytest.mark.parametrize("text", OPEN)
def test_of_other_texts_it_is_not_known_what_they_come_to(text: str) -> None:
    read = only(text)
    assert (read.certain, read.tolerant, read.asked) == (False, False, False)


@pytest.mark.parametrize("text", CERTAIN)
def test_a_certain_text_fails_in_another_interpreter(text: str) -> None:
    with pytest.raises(testing.Failure):
        testing.evaluate(text, {}, {})


@pytest.mark.parametrize("text", [*HARMLESS, *ASKED])
def test_a_tolerant_text_has_a_value_in_another_interpreter(text: str) -> None:
    testing.evaluate(text, {}, {})


@pytest.mark.parametrize(
    "text", ["($v := 1; $v)", "function($v) { $v }(1)", "$map([1], function($v) { $v })", "[1]@$v.$v", "$states.input"]
)
def test_what_the_text_binds_itself_is_no_read(text: str) -> None:
    assert [read for read in reads_of(text) if not read.called] == []


def test_a_read_behind_a_binding_of_the_name_is_none() -> None:
    assert [read.within.start for read in reads_of("($x := $v; $v := 2; $v)")] == [2 + len(" ($x := ")]


def test_a_variable_that_is_called_is_no_value() -> None:
    assert [(read.name, read.called) for read in reads_of("$v(1)")] == [("v", True)]


@pytest.mark.parametrize("text", ["$v +", "$v + ${Other}"])
def test_of_a_text_that_is_faulty_or_open_no_read_is_known(text: str) -> None:
    assert reads_of(text) == []


@pytest.mark.parametrize("name", sorted(SIGNATURES.keys() - TAKES_NOTHING))
def test_a_function_of_nothing_gives_nothing(name: str) -> None:
    for rest in ("", ", 1", ", 'a'", ", function($x) { $x }", ", {}", ", [1]"):
        try:
            value = testing.evaluate(f"${name}($v{rest})", {}, {})
        except (testing.Failure, TypeError):  # the other interpreter has functions that take no such argument
            continue
        pytest.fail(f"${name}($v{rest}) is {value}")


@pytest.mark.parametrize("name", sorted(TAKES_NOTHING))
def test_a_few_functions_of_nothing_give_something(name: str) -> None:
    testing.evaluate(f"${name}($v{', 1' if name in ('append', 'zip') else ''})", {}, {})
