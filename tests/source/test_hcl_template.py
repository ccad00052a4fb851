"""String templates of Terraform: what they hold, and what fills it in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl_lint.source.document import MISSING
from asl_lint.source.hcl_template import Template, fill_in, fits_raw_text, indent_of, placeholder_name, read_template
from asl_lint.source.text import Text


def read(content: str, *, quoted: bool = False) -> Template:
    return read_template(Text(content), quoted=quoted)


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("a ${ x.y } b", "a ${x.y} b"),
        ("${~ x ~}", "${x}"),
        ('${f("}")}!', "${f()}!"),
        ('${a["${b}"]}!', "${a[$b]}!"),
        ("${}", "${expression}"),
        ("${f(\n  x,\n  y\n)}!", "${f( x, y )}!"),
        ("$${x} %%{y} $x %y $$.z", "${x} %{y} $x %y $$.z"),
        ("open ${x", "open ${x}"),
    ],
)
def test_an_interpolation_becomes_a_placeholder(written: str, held: str) -> None:
    assert read(written).text.content == held


def test_escapes_count_in_quoted_strings_only() -> None:
    assert read('\\n\\"\\u00e9\\U0001F600\\q', quoted=True).text.content == '\n"é😀\\q'
    assert read('\\n\\"').text.content == '\\n\\"'


def test_the_first_directive_is_named() -> None:
    assert read("a%{ if x ~}\nb%{ endif }").directive == "%{ if x ~}"
    assert read("{% $x %}").directive is None


def test_a_place_in_a_template_is_one_in_the_file() -> None:
    content = 'a\\tb ${x["y"]} $${c}'
    text = read(content, quoted=True).text
    for part, written in (("b", "b"), ("\t", "\\t"), ("${x[y]}", '${x["y"]}'), ("${c}", "${c}")):
        at = text.content.index(part)
        assert content[slice(*text.trace(at, at + len(part)))] == written


def test_the_line_with_the_fewest_blanks_says_how_many_are_taken() -> None:
    content = "    a\n\n  b\n      c\n"
    assert indent_of(content, 0, len(content)) == 2
    assert read_template(Text(content), indent=2).text.content == "  a\n\nb\n    c\n"


def test_a_misspelled_variable_stays_open() -> None:
    filled = fill_in(read("${nam} ${name} ${name.a} ${upper(nam)} $${raw}"), {"name": "x", "other": MISSING})
    assert filled.substitutions == {"name": "x", "name.a": MISSING, "upper(nam)": MISSING, "raw": MISSING, "other": MISSING}
    assert filled.unused == ("other",)


def test_variables_of_unknown_names_fill_in_nobody_knows_what() -> None:
    assert fill_in(read("${x}"), None) == (None, ())


def test_what_json_escapes_does_not_fit_its_raw_text() -> None:
    assert all(map(fits_raw_text, ("a b", "é", 1, True)))
    assert not any(map(fits_raw_text, ('a"b', "a\\b", "a\nb")))


@given(st.text(max_size=60))
def test_a_name_is_one_that_a_json_string_and_a_placeholder_hold(expression: str) -> None:
    name = placeholder_name(expression)
    assert name and not set('"\\{}\n\r\t') & set(name)


@given(st.text(st.sampled_from('ab\n $%{}"\\~é'), max_size=40), st.booleans())
def test_any_text_is_read_and_every_stretch_lies_in_it(content: str, quoted: bool) -> None:
    text = read(content, quoted=quoted).text
    for at in range(len(text.content)):
        start, end = text.trace(at, at + 1)
        assert 0 <= start < end <= len(content)


@given(st.text(st.sampled_from("ab\n $%{}é"), max_size=40))
def test_what_is_doubled_stands_for_itself(content: str) -> None:
    doubled = content.replace("${", "$${").replace("%{", "%%{")
    if "$$${" in doubled or "%%%{" in doubled:
        return  # a dollar before the mark is ambiguous
    assert read(doubled).text.content == content
