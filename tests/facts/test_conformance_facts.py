# ruff: noqa: E501 (a row of a table stands on one line)
"""What AWS accepts and refuses when a machine is created, fact by fact, on both sides of each border.

A row: the fact, a state (or a whole machine) in YAML, what must be found, and how the fact is known: S the specification of
22 Nov 2024, D the developer guide, A recorded on the service, F measured on it by others, B the API's model, O seen in
definitions that the service accepted, ? unverified. A fifth member says what the linter gets wrong today: such a row fails, and
has to; whoever mends the linter deletes that member.

What must be found, besides nothing (``ok``): ``error: rule /pointer`` or ``warning: …``, several with ``;`` between them, and then
nothing else; ``no error`` where a warning would be as right as silence; ``noticed /pointer`` where some finding has to stand there
and nobody has said yet of which rule. A pointer begins at the state, or, with ``^``, at the scope's object.

A state is put into a machine that reaches it and, where it names ``Done``, goes on there; what the state needs to be whole is
added (``End``, a ``Resource``, ``Choices``, ``Branches``, an ``ItemProcessor``; ``distributed: true`` makes that one distributed).
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from asl_lint import check_text
from asl_lint.finding import Finding
from asl_lint.source.reading import read_document
from tests.conftest import manifest

Row = tuple[str, ...]

JUDGED = ("conformance", "run-time")
ALSO_JUDGED = (
    "deprecated-field", "unreachable-handler", "unknown-states-error", "duplicate-key", "unevaluated-text",
    "outer-variable-assigned", "unknown-context-member", "misplaced-context-member",
)  # fmt: skip
"""Rules of other categories that a line of the facts speaks of. Advice of all kinds may be added without touching these rows."""

INVOKE = "arn:aws:states:::lambda:invoke"
GET = "Resource: 'arn:aws:states:::s3:getObject'"
LIST = "Resource: 'arn:aws:states:::s3:listObjectsV2'"
PUT = "Resource: 'arn:aws:states:::s3:putObject'"
OBJECT = "Parameters: {Bucket: b, Key: k}"
JA = "QueryLanguage: JSONata"
D_MAP = "Type: Map, distributed: true"


def reader(config: str) -> str:
    """A distributed Map that reads one object from S3."""
    return f"{{{D_MAP}, ItemReader: {{{GET}, {OBJECT}, ReaderConfig: {{{config}}}}}}}"


def rule(members: str) -> str:
    """A Choice state of one JSONPath rule."""
    return f"{{Type: Choice, Choices: [{{{members}, Next: Done}}]}}"


def retry(members: str) -> str:
    """A Task of one Retrier."""
    return f"{{Type: Task, Retry: [{{{members}}}]}}"


def processor(config: str) -> str:
    """A Map whose processor has this configuration."""
    return f"{{Type: Map, ItemProcessor: {{ProcessorConfig: {{{config}}}, StartAt: P, States: {{P: {{Type: Succeed}}}}}}}}"


def call(arn: str) -> str:
    """A Task that calls this."""
    return f"{{Type: Task, Resource: '{arn}'}}"


# fmt: off
# --- 1. which query language a state has ------------------------------------------------------------------------------------


LANGUAGE: list[Row] = [
    ("a machine may say JSONPath", "{QueryLanguage: JSONPath, StartAt: X, States: {X: {Type: Succeed}}}", "ok", "S"),
    ("a machine may say JSONata", "{QueryLanguage: JSONata, StartAt: X, States: {X: {Type: Succeed, Output: 1}}}", "ok", "S"),
    ("the languages are written exactly", "{QueryLanguage: jsonata, StartAt: X, States: {X: {Type: Succeed}}}",
     "error: not-one-of /QueryLanguage", "F"),
    ("a language is a string", "{QueryLanguage: 5, StartAt: X, States: {X: {Type: Succeed}}}", "error: wrong-type /QueryLanguage", "F"),
    ("a wrong language of the machine brings no errors of language",
     "{QueryLanguage: jsonata, StartAt: X, States: {X: {Type: Succeed, OutputPath: $}}}", "error: not-one-of /QueryLanguage", "F"),
    ("a language that is no string brings no errors of language",
     "{QueryLanguage: 5, StartAt: X, States: {X: {Type: Succeed, Output: 1}}}", "error: wrong-type /QueryLanguage", "F"),
    ("a state may say JSONPath in a JSONPath machine", "{Type: Pass, QueryLanguage: JSONPath, Parameters: {a: 1}}", "ok", "F"),
    ("a state may say JSONata in a JSONPath machine", "{Type: Pass, QueryLanguage: JSONata, Output: 1}", "ok", "S"),
    ("a state may say JSONata in a JSONata machine",
     "{QueryLanguage: JSONata, StartAt: X, States: {X: {Type: Succeed, QueryLanguage: JSONata, Output: 1}}}", "ok", "F"),
    ("a state may not say JSONPath in a JSONata machine",
     "{QueryLanguage: JSONata, StartAt: X, States: {X: {Type: Succeed, QueryLanguage: JSONPath}}}",
     "error: query-language-downgrade /States/X/QueryLanguage", "A"),
    ("a state that may not say JSONPath brings no errors of language: JSONPath",
     "{QueryLanguage: JSONata, StartAt: X, States: {X: {Type: Succeed, QueryLanguage: JSONPath, OutputPath: $}}}",
     "error: query-language-downgrade /States/X/QueryLanguage", "F"),
    ("a state that may not say JSONPath brings no errors of language: JSONata",
     "{QueryLanguage: JSONata, StartAt: X, States: {X: {Type: Succeed, QueryLanguage: JSONPath, Output: 1}}}",
     "error: query-language-downgrade /States/X/QueryLanguage", "F"),
    ("a language of a state is written exactly", "{Type: Pass, QueryLanguage: jsonata, Output: 1}",
     "error: not-one-of /QueryLanguage", "F"),
    ("a wrong language of a state brings no errors of language", "{Type: Pass, QueryLanguage: Jsonpath, Parameters: {a: 1}}",
     "error: not-one-of /QueryLanguage", "F"),
    ("a language of a state is a string", "{Type: Pass, QueryLanguage: null, Output: 1}", "error: wrong-type /QueryLanguage", "F"),
    ("a state inherits from the machine, not from the Map around it",
     f"{{Type: Map, {JA}, Items: [1], ItemProcessor: {{StartAt: P, States: {{P: {{Type: Succeed, OutputPath: $}}}}}}}}", "ok", "F"),
    ("a JSONata Map makes no JSONata states",
     f"{{Type: Map, {JA}, Items: [1], ItemProcessor: {{StartAt: P, States: {{P: {{Type: Succeed, Output: 1}}}}}}}}",
     "error: field-of-other-language /ItemProcessor/States/P/Output", "F"),
    ("a JSONata Parallel makes no JSONata states",
     f"{{Type: Parallel, {JA}, Branches: [{{StartAt: P, States: {{P: {{Type: Succeed, Output: 1}}}}}}]}}",
     "error: field-of-other-language /Branches/0/States/P/Output", "F"),
    ("an ItemProcessor has no language", "{Type: Map, ItemProcessor: {QueryLanguage: JSONPath, StartAt: P, States: {P: {Type: Succeed}}}}",
     "error: unknown-field /ItemProcessor/QueryLanguage", "F"),
    ("an Iterator has no language", "{Type: Map, Iterator: {QueryLanguage: JSONPath, StartAt: P, States: {P: {Type: Succeed}}}}",
     "error: unknown-field /Iterator/QueryLanguage; info: deprecated-field /Iterator", "F"),
    ("a branch has no language",
     "{Type: Parallel, Branches: [{QueryLanguage: JSONPath, StartAt: P, States: {P: {Type: Succeed}}}]}",
     "error: unknown-field /Branches/0/QueryLanguage", "F"),
    ("each field of the other language is told where it stands", f"{{Type: Task, {JA}, Parameters: {{}}, ResultPath: $.a}}",
     "error: field-of-other-language /Parameters; error: field-of-other-language /ResultPath", "A, F"),
    ("a Catcher speaks the language of its state",
     "{Type: Task, Catch: [{ErrorEquals: [States.ALL], Output: 1, Next: Done}]}", "error: field-of-other-language /Catch/0/Output", "S"),
    ("a JSONata rule has a Condition, and only that is told", f"{{Type: Choice, {JA}, Choices: [{{And: [{{}}], Next: Done}}]}}",
     "error: field-of-other-language /Choices/0/And", "S"),
    ("a JSONPath rule has no Condition", "{Type: Choice, Choices: [{Condition: true, Next: Done}]}",
     "error: field-of-other-language /Choices/0/Condition", "S"),
    ("a nested JSONPath rule has no Condition either", rule("And: [{Condition: true}]"),
     "error: field-of-other-language /Choices/0/And/0/Condition", "S"),
    ("a Wait of the other language lacks nothing else", f"{{Type: Wait, {JA}, SecondsPath: $.a}}",
     "error: field-of-other-language /SecondsPath", "F"),
    ("an ItemBatcher of the other language lacks nothing else",
     f"{{{D_MAP}, {JA}, ItemBatcher: {{MaxItemsPerBatchPath: $.a}}}}",
     "error: field-of-other-language /ItemBatcher/MaxItemsPerBatchPath", "F"),
    ("a ResultWriter of the other language lacks nothing else",
     f"{{{D_MAP}, {JA}, ResultWriter: {{{PUT}, Parameters: {{Bucket: b}}}}}}",
     "error: field-of-other-language /ResultWriter/Parameters", "A"),
    ("an ItemReader speaks the language of its Map", f"{{{D_MAP}, ItemReader: {{{LIST}, Arguments: {{Bucket: b}}}}}}",
     "error: field-of-other-language /ItemReader/Arguments", "D"),
]

# --- 2. where expressions and paths are read --------------------------------------------------------------------------------

_BAD = "'{% ( %}'"
READ: list[Row] = [
    *(
        (f"an expression is read in {place}", text, f"error: invalid-jsonata {pointer}", "S, D, F")
        for place, text, pointer in (
            ("Arguments, at any depth, whatever the keys are named", f"{{Type: Task, {JA}, Arguments: {{a: {{Next: [{_BAD}]}}}}}}",
             "/Arguments/a/Next/0"),
            ("Arguments that are an expression", f"{{Type: Parallel, {JA}, Arguments: {_BAD}}}", "/Arguments"),
            ("Output", f"{{Type: Pass, {JA}, Output: {{v: {_BAD}}}}}", "/Output/v"),
            ("Assign", f"{{Type: Pass, {JA}, Assign: {{a: {_BAD}}}}}", "/Assign/a"),
            ("ItemSelector", f"{{Type: Map, {JA}, ItemSelector: {{a: {_BAD}}}}}", "/ItemSelector/a"),
            ("BatchInput", f"{{{D_MAP}, {JA}, ItemBatcher: {{MaxItemsPerBatch: 1, BatchInput: {{a: {_BAD}}}}}}}", "/ItemBatcher/BatchInput/a"),
            ("ItemReader.Arguments", f"{{{D_MAP}, {JA}, ItemReader: {{{LIST}, Arguments: {{Bucket: {_BAD}}}}}}}", "/ItemReader/Arguments/Bucket"),
            ("ResultWriter.Arguments", f"{{{D_MAP}, {JA}, ResultWriter: {{{PUT}, Arguments: {_BAD}}}}}", "/ResultWriter/Arguments"),
            ("Items", f"{{Type: Map, {JA}, Items: {_BAD}}}", "/Items"),
            ("elements of Items", f"{{Type: Map, {JA}, Items: [1, {_BAD}]}}", "/Items/1"),
            ("Condition", f"{{Type: Choice, {JA}, Choices: [{{Condition: {_BAD}, Next: Done}}]}}", "/Choices/0/Condition"),
            ("a rule's Output", f"{{Type: Choice, {JA}, Choices: [{{Condition: true, Output: {_BAD}, Next: Done}}]}}", "/Choices/0/Output"),
            ("a Catcher's Output", f"{{Type: Task, {JA}, Catch: [{{ErrorEquals: [E], Output: {_BAD}, Next: Done}}]}}", "/Catch/0/Output"),
            ("Seconds", f"{{Type: Wait, {JA}, Seconds: {_BAD}}}", "/Seconds"),
            ("Timestamp", f"{{Type: Wait, {JA}, Timestamp: {_BAD}}}", "/Timestamp"),
            ("TimeoutSeconds of a Task", f"{{Type: Task, {JA}, TimeoutSeconds: {_BAD}}}", "/TimeoutSeconds"),
            ("HeartbeatSeconds", f"{{Type: Task, {JA}, HeartbeatSeconds: {_BAD}}}", "/HeartbeatSeconds"),
            ("Error", f"{{Type: Fail, {JA}, Error: {_BAD}}}", "/Error"),
            ("Cause", f"{{Type: Fail, {JA}, Cause: {_BAD}}}", "/Cause"),
            ("MaxConcurrency", f"{{Type: Map, {JA}, MaxConcurrency: {_BAD}}}", "/MaxConcurrency"),
            ("ToleratedFailureCount", f"{{Type: Map, {JA}, ToleratedFailureCount: {_BAD}}}", "/ToleratedFailureCount"),
            ("ToleratedFailurePercentage", f"{{Type: Map, {JA}, ToleratedFailurePercentage: {_BAD}}}", "/ToleratedFailurePercentage"),
            ("MaxItemsPerBatch", f"{{{D_MAP}, {JA}, ItemBatcher: {{MaxItemsPerBatch: {_BAD}}}}}", "/ItemBatcher/MaxItemsPerBatch"),
            ("MaxInputBytesPerBatch", f"{{{D_MAP}, {JA}, ItemBatcher: {{MaxInputBytesPerBatch: {_BAD}}}}}", "/ItemBatcher/MaxInputBytesPerBatch"),
            ("Credentials.RoleArn", f"{{Type: Task, {JA}, Credentials: {{RoleArn: {_BAD}}}}}", "/Credentials/RoleArn"),
        )
    ),
    ("an expression is read in MaxItems",
     f"{{{D_MAP}, {JA}, ItemReader: {{{LIST}, Arguments: {{Bucket: b}}, ReaderConfig: {{MaxItems: {_BAD}}}}}}}",
     "error: invalid-jsonata /ItemReader/ReaderConfig/MaxItems", "S, A"),
    ("a Comment is no expression", f"{{Type: Pass, {JA}, Comment: {_BAD}}}", "ok", "F"),
    ("Default is no expression", f"{{Type: Choice, {JA}, Choices: [{{Condition: true, Next: Done}}], Default: \"{{% 'Done' %}}\"}}",
     "error: unknown-transition-target /Default", "F"),
    ("Resource is no expression", f"{{Type: Task, {JA}, Resource: '{{% $states.input.arn %}}'}}", "error: invalid-resource /Resource", "F"),
    ("ErrorEquals holds no expressions", f"{{Type: Task, {JA}, Retry: [{{ErrorEquals: [{_BAD}]}}]}}", "no error", "F"),
    ("a Retrier's numbers are no expressions", f"{{Type: Task, {JA}, Retry: [{{ErrorEquals: [E], IntervalSeconds: {_BAD}}}]}}",
     "error: wrong-type /Retry/0/IntervalSeconds", "F"),
    ("MaxAttempts is no expression", f"{{Type: Task, {JA}, Retry: [{{ErrorEquals: [E], MaxAttempts: {_BAD}}}]}}",
     "error: wrong-type /Retry/0/MaxAttempts", "F"),
    ("BackoffRate is no expression", f"{{Type: Task, {JA}, Retry: [{{ErrorEquals: [E], BackoffRate: {_BAD}}}]}}",
     "error: wrong-type /Retry/0/BackoffRate", "F"),
    ("JitterStrategy is no expression", f"{{Type: Task, {JA}, Retry: [{{ErrorEquals: [E], JitterStrategy: {_BAD}}}]}}",
     "error: not-one-of /Retry/0/JitterStrategy", "F"),
    ("CSVHeaders hold no expressions",
     f"{{{D_MAP}, {JA}, ItemReader: {{{GET}, Arguments: {{Bucket: b, Key: k}}, ReaderConfig: "
     f"{{InputType: CSV, CSVHeaderLocation: GIVEN, CSVHeaders: [{_BAD}]}}}}}}", "ok", "F"),
    ("a Label is no expression", f"{{{D_MAP}, {JA}, Label: '{{% 1 %}}'}}", "error: invalid-label /Label", "F"),
    ("Credentials as a whole are no expression", f"{{Type: Task, {JA}, Credentials: '{{% $states.input %}}'}}",
     "error: wrong-type /Credentials", "D"),
    ("Assign as a whole is no expression", f"{{Type: Pass, {JA}, Assign: '{{% $states.input %}}'}}", "error: wrong-type /Assign", "S"),
    ("in a JSONPath state an expression is text", "{Type: Pass, Parameters: {a: '{% 1 + %}'}}", "no error", "S"),
    ("in a JSONPath state an expression is text, probably by mistake", "{Type: Pass, Parameters: {a: '{% $states.input %}'}}",
     "noticed /Parameters/a", "S"),
    ("blanks outside of the delimiters make text of an expression", f"{{Type: Pass, {JA}, Output: ' {{% ( %}} '}}", "no error", "A"),
    ("blanks outside of the delimiters are probably a mistake", f"{{Type: Pass, {JA}, Output: ' {{% $states.input %}} '}}",
     "noticed /Output", "A"),
    ("a line feed after the delimiter makes text of an expression, and a number is no text",
     f"{{Type: Wait, {JA}, Seconds: \"{{% 5 %}}\\n\"}}", "error: wrong-type /Seconds", "A"),
    ("a line feed after the delimiter makes text of a Condition",
     f"{{Type: Choice, {JA}, Choices: [{{Condition: \"{{% true %}}\\n\", Next: Done}}]}}", "error: wrong-type /Choices/0/Condition", "A"),
    ("a blank before the delimiter makes text of a number", f"{{Type: Wait, {JA}, Seconds: ' {{% 5 %}}'}}", "error: wrong-type /Seconds", "A"),
    ("an expression inside a longer text is text", f"{{Type: Pass, {JA}, Output: 'order {{% ( %}}'}}", "no error", "S"),
    ("an expression that is not closed", f"{{Type: Pass, {JA}, Output: '{{% $states.input'}}", "noticed /Output", "D"),
    ("an expression that is not opened", f"{{Type: Pass, {JA}, Output: '$states.input %}}'}}", "noticed /Output", "D"),
    ("an expression that is not closed is no number", f"{{Type: Wait, {JA}, Seconds: '{{% 5'}}", "error: wrong-type /Seconds", "D"),
    ("an empty expression", f"{{Type: Pass, {JA}, Output: '{{% %}}'}}", "error: invalid-jsonata /Output", "F"),
    ("a name without an input", f"{{Type: Pass, {JA}, Output: '{{% phone %}}'}}", "error: unsupported-reference /Output", "F"),
    ("$ without an input", f"{{Type: Pass, {JA}, Output: '{{% $ %}}'}}", "error: unsupported-reference /Output", "F"),
    ("$$ without an input", f"{{Type: Pass, {JA}, Output: '{{% $$.a %}}'}}", "error: unsupported-reference /Output", "F"),
    ("only the first step counts", f"{{Type: Pass, {JA}, Output: '{{% $states.input.a[b = 1].c^(d){{e: f}} %}}'}}", "ok", "F"),
    ("a lambda's body is not settled", f"{{Type: Pass, {JA}, Output: '{{% $map([1], function($i) {{ a }}) %}}'}}", "no error", "?"),
    ("a transform has a context", f"{{Type: Pass, {JA}, Output: \"{{% $states.input ~> |a|{{'b': c, 'd': $.e}}| %}}\"}}", "ok", "O"),
    ("unknown functions are found when it runs", f"{{Type: Pass, {JA}, Output: '{{% $randomSeeded(1) %}}'}}", "error: unknown-function /Output", "A"),
    ("$eval is found when it runs", f"{{Type: Pass, {JA}, Output: \"{{% $eval('1') %}}\"}}", "error: unknown-function /Output", "D"),
    ("input and context are everywhere",
     f"{{Type: Wait, {JA}, Seconds: '{{% $states.input.a %}}', Output: '{{% $states.context.Execution.Id %}}'}}", "ok", "S"),
    *(
        (f"{kind} has a result in Output and Assign",
         f"{{Type: {kind}, {JA}, Output: '{{% $states.result %}}', Assign: {{a: '{{% $states.result %}}'}}}}", "ok", "S")
        for kind in ("Task", "Map", "Parallel")
    ),
    *(
        (f"{kind} has no result", f"{{Type: {kind}, {JA}, Output: '{{% $states.result %}}'}}", "error: unsupported-reference /Output", "F")
        for kind in ("Pass", "Wait", "Choice", "Succeed")
    ),
    ("Arguments have no result", f"{{Type: Task, {JA}, Arguments: '{{% $states.result %}}'}}", "error: unsupported-reference /Arguments", "F"),
    ("a rule has no result", f"{{Type: Choice, {JA}, Choices: [{{Condition: true, Assign: {{a: '{{% $states.result %}}'}}, Next: Done}}]}}",
     "error: unsupported-reference /Choices/0/Assign/a", "F"),
    ("a Catcher has no result", f"{{Type: Task, {JA}, Catch: [{{ErrorEquals: [E], Output: '{{% $states.result %}}', Next: Done}}]}}",
     "error: unsupported-reference /Catch/0/Output", "F"),
    ("a Catcher has an error",
     f"{{Type: Task, {JA}, Catch: [{{ErrorEquals: [E], Output: '{{% $states.errorOutput %}}', Assign: {{a: '{{% $states.errorOutput.Cause %}}'}}, "
     "Next: Done}]}", "ok", "S"),
    ("nothing else has an error", f"{{Type: Task, {JA}, Output: '{{% $states.errorOutput %}}'}}", "error: unsupported-reference /Output", "F"),
    ("a condition has no error", f"{{Type: Choice, {JA}, Choices: [{{Condition: '{{% $states.errorOutput = 1 %}}', Next: Done}}]}}",
     "error: unsupported-reference /Choices/0/Condition", "F"),
    ("in data of a JSONata state .$ means nothing", f"{{Type: Pass, {JA}, Output: {{'a.$': 5, a: 6}}}}", "no error", "F"),
    ("in a Result .$ means nothing", "{Type: Pass, Result: {'a.$': 5, a: 6}}", "no error", "F"),
    *(
        (f"a key ending in .$ holds a path in {place}", text, f"error: invalid-template {pointer}", "A")
        for place, text, pointer in (
            ("Parameters", "{Type: Task, Parameters: {'a.$': text}}", "/Parameters/a.$"),
            ("Parameters of a Pass, in an array", "{Type: Pass, Parameters: [{'a.$': text}]}", "/Parameters/0/a.$"),
            ("ResultSelector", "{Type: Task, ResultSelector: {'a.$': text}}", "/ResultSelector/a.$"),
            ("ItemSelector", "{Type: Map, ItemSelector: {'a.$': text}}", "/ItemSelector/a.$"),
            ("BatchInput", f"{{{D_MAP}, ItemBatcher: {{MaxItemsPerBatch: 1, BatchInput: {{'a.$': text}}}}}}", "/ItemBatcher/BatchInput/a.$"),
            ("Assign", "{Type: Pass, Assign: {'a.$': text}}", "/Assign/a.$"),
            ("Assign, deeper", "{Type: Pass, Assign: {b: {'a.$': text}}}", "/Assign/b/a.$"),
            ("a Catcher's Assign", "{Type: Task, Catch: [{ErrorEquals: [E], Assign: {'a.$': text}, Next: Done}]}", "/Catch/0/Assign/a.$"),
            ("a rule's Assign", rule("Variable: $.a, IsNull: true, Assign: {'a.$': text}"), "/Choices/0/Assign/a.$"),
            ("Credentials", "{Type: Task, Credentials: {'RoleArn.$': text}}", "/Credentials/RoleArn.$"),
            ("ItemReader.Parameters", f"{{{D_MAP}, ItemReader: {{{LIST}, Parameters: {{'Bucket.$': text}}}}}}", "/ItemReader/Parameters/Bucket.$"),
            ("ResultWriter.Parameters", f"{{{D_MAP}, ResultWriter: {{{PUT}, Parameters: {{'Bucket.$': text}}}}}}",
             "/ResultWriter/Parameters/Bucket.$"),
        )
    ),
    ("such a key holds a path, a variable, the context or a call",
     "{Type: Pass, Parameters: {'a.$': $.a, 'b.$': $b.c, 'c.$': $$.Execution.Id, 'd.$': States.UUID(), 'e.$': '$.x[*].y'}}", "ok", "S"),
    *(
        (f"such a key holds no {kind}", f"{{Type: Pass, Parameters: {{'a.$': {value}}}}}", "error: invalid-template /Parameters/a.$", "A")
        for kind, value in (("number", "5"), ("null", "null"), ("boolean", "true"), ("array", "[$.a]"), ("object", "{b: 1}"))
    ),
    ("a role that is no path is told once", "{Type: Task, Credentials: {'RoleArn.$': 5}}", "error: invalid-template /Credentials/RoleArn.$", "A"),
    ("two keys may not become one", "{Type: Pass, Parameters: {'a.$': $.a, a: 1}}", "error: duplicate-template-key /Parameters/a.$", "S"),
    ("keys of two objects are no duplicates", "{Type: Pass, Parameters: {'a.$': $.a, b: {a: 1}}}", "ok", "S"),
    ("a path under a plain key is text: AWS' warning NO_DOLLAR", "{Type: Pass, Parameters: {a: $.a}}", "noticed /Parameters/a", "B"),
    ("a call under a plain key is text: AWS' warning NO_DOLLAR", "{Type: Pass, Parameters: {a: States.UUID()}}", "noticed /Parameters/a", "B"),
    ("a path in a Result is text: AWS' warning PASS_RESULT_IS_STATIC", "{Type: Pass, Result: {a: $.a}}", "noticed /Result/a", "B"),
]

# --- 3. the machine, branches and processors --------------------------------------------------------------------------------

_LONG = "x" * 80
MACHINE: list[Row] = [
    ("StartAt is required", "{States: {X: {Type: Succeed}}}", "error: missing-field ", "A"),
    ("StartAt names a state", "{StartAt: x, States: {X: {Type: Succeed}}}", "error: unknown-transition-target /StartAt", "A"),
    ("StartAt is a string", "{StartAt: 5, States: {X: {Type: Succeed}}}", "error: wrong-type /StartAt", "S"),
    ("a StartAt that names nothing leaves the first of its chain unreached",
     "{StartAt: Nowhere, States: {X: {Type: Pass, Next: Y}, Y: {Type: Succeed}}}",
     "error: unknown-transition-target /StartAt; error: unreachable-state /States/X", "F"),
    ("a missing StartAt silences what is said of unreached states",
     "{States: {X: {Type: Succeed}, Y: {Type: Pass, Next: X}}}", "error: missing-field ", "F"),
    ("States is required", "{StartAt: X}", "error: missing-field ", "A"),
    ("a misspelt StartAt is told once, under its own name", "{startAt: X, States: {X: {Type: Succeed}}}", "error: unknown-field /startAt", "A"),
    ("States may not be empty", "{StartAt: X, States: {}}", "error: empty-value /States", "S"),
    ("States is an object", "{StartAt: X, States: [{Type: Succeed}]}", "error: wrong-type /States", "S"),
    ("a state is an object", "{StartAt: X, States: {X: [Succeed]}}", "error: wrong-type /States/X", "S"),
    ("a definition is an object", "[]", "error: wrong-type ", "A"),
    ("an empty definition lacks two fields", "{}", "error: missing-field ; error: missing-field ", "A"),
    ("a name of 80 characters", f"{{StartAt: {_LONG}, States: {{{_LONG}: {{Type: Succeed}}}}}}", "ok", "S, B"),
    ("a name of 81 characters", f"{{StartAt: {_LONG}x, States: {{{_LONG}x: {{Type: Succeed}}}}}}",
     f"error: invalid-state-name /States/{_LONG}x", "A"),
    ("characters beyond 16 bits count once", f"{{StartAt: {'𝛼' * 80}, States: {{{'𝛼' * 80}: {{Type: Succeed}}}}}}", "ok", "S"),
    ("names are unique in the whole machine", "{StartAt: X, States: {X: {Type: Map, ItemProcessor: {StartAt: X, States: {X: {Type: Succeed}}}, "
     "End: true}}}", "error: duplicate-state-name /States/X/ItemProcessor/States/X", "S, B"),
    ("names are unique across branches", "{Type: Parallel, Branches: [{StartAt: P, States: {P: {Type: Succeed}}}, "
     "{StartAt: P, States: {P: {Type: Succeed}}}]}", "error: duplicate-state-name /Branches/1/States/P", "S, B"),
    ("names that differ in case differ", "{StartAt: x, States: {x: {Type: Pass, Next: X}, X: {Type: Succeed}}}", "ok", "S"),
    ("Comment is a string", "{StartAt: X, Comment: 5, States: {X: {Type: Succeed}}}", "error: wrong-type /Comment", "F"),
    ("an empty Comment", "{StartAt: X, Comment: '', States: {X: {Type: Succeed}}}", "no error", "?"),
    ("Version is 1.0", "{StartAt: X, Version: '1.0', States: {X: {Type: Succeed}}}", "ok", "S"),
    ("there is no other Version", "{StartAt: X, Version: '2.0', States: {X: {Type: Succeed}}}", "noticed /Version", "S"),
    ("a machine's timeout is from 1 s", "{StartAt: X, TimeoutSeconds: 0, States: {X: {Type: Succeed}}}", "error: value-out-of-range /TimeoutSeconds",
     "S"),
    ("a machine's timeout of 1 s", "{StartAt: X, TimeoutSeconds: 1, States: {X: {Type: Succeed}}}", "ok", "S"),
    ("a machine's timeout of 99,999,999 s", "{StartAt: X, TimeoutSeconds: 99999999, States: {X: {Type: Succeed}}}", "ok", "T"),
    ("a machine's longest timeout is second hand", "{StartAt: X, TimeoutSeconds: 100000000, States: {X: {Type: Succeed}}}", "no error", "T"),
    ("a machine's timeout is an integer", "{StartAt: X, TimeoutSeconds: 1.5, States: {X: {Type: Succeed}}}", "error: wrong-type /TimeoutSeconds", "S"),
    ("a machine's timeout is no expression", "{StartAt: X, QueryLanguage: JSONata, TimeoutSeconds: '{% 5 %}', States: {X: {Type: Succeed}}}",
     "error: wrong-type /TimeoutSeconds", "S"),
    ("a machine's timeout is not read from the input", "{StartAt: X, TimeoutSecondsPath: $.a, States: {X: {Type: Succeed}}}",
     "error: unknown-field /TimeoutSecondsPath", "S"),
    ("other fields are refused", "{StartAt: X, Name: x, States: {X: {Type: Succeed}}}", "error: unknown-field /Name", "F"),
    ("Version in a branch is not settled", "{Type: Parallel, Branches: [{Version: '1.0', StartAt: P, States: {P: {Type: Succeed}}}]}",
     "no error", "?"),
    ("TimeoutSeconds in a branch is not settled", "{Type: Parallel, Branches: [{TimeoutSeconds: 5, StartAt: P, States: {P: {Type: Succeed}}}]}",
     "no error", "?"),
    ("Comment in a branch", "{Type: Parallel, Branches: [{Comment: c, StartAt: P, States: {P: {Type: Succeed}}}]}", "ok", "S"),
    ("other fields of a branch are refused", "{Type: Parallel, Branches: [{End: true, StartAt: P, States: {P: {Type: Succeed}}}]}",
     "error: unknown-field /Branches/0/End", "S"),
    ("a branch has no ProcessorConfig", "{Type: Parallel, Branches: [{ProcessorConfig: {}, StartAt: P, States: {P: {Type: Succeed}}}]}",
     "error: unknown-field /Branches/0/ProcessorConfig", "S"),
    ("Next may not leave a branch", "{Type: Parallel, Branches: [{StartAt: P, States: {P: {Type: Pass, Next: Done}}}], Next: Done}",
     "error: unknown-transition-target /Branches/0/States/P/Next", "S"),
    ("Next may not enter a branch", "{StartAt: X, States: {X: {Type: Choice, Choices: [{Variable: $.a, IsNull: true, Next: P}], Default: Y}, "
     "Y: {Type: Parallel, Branches: [{StartAt: P, States: {P: {Type: Succeed}}}], End: true}}}",
     "error: unknown-transition-target /States/X/Choices/0/Next", "S"),
    ("a state in a branch that nothing leads to", "{Type: Parallel, Branches: [{StartAt: P, States: {P: {Type: Succeed}, Q: {Type: Succeed}}}]}",
     "error: unreachable-state /Branches/0/States/Q", "F"),
    ("a branch needs no terminal state", "{Type: Parallel, Branches: [{StartAt: P, States: {P: {Type: Pass, Next: P}}}]}", "ok", "F"),
    ("a machine needs a terminal state", "{StartAt: X, States: {X: {Type: Pass, Next: Y}, Y: {Type: Pass, Next: X}}}",
     "error: no-terminal-state /States", "F"),
    ("without a terminal state nothing is said of unreached ones",
     "{StartAt: X, States: {X: {Type: Pass, Next: Y}, Y: {Type: Pass, Next: X}, Z: {Type: Pass, Next: X}}}", "error: no-terminal-state /States", "F"),
    ("a Fail is a terminal state", "{StartAt: X, States: {X: {Type: Fail}}}", "ok", "F"),
    ("an end inside a branch ends no machine", "{StartAt: X, States: {X: {Type: Parallel, Branches: [{StartAt: P, States: {P: {Type: Succeed}}}], "
     "Next: X}}}", "error: no-terminal-state /States", "F"),
    ("a machine whose only state has neither Next nor End is told once", "{StartAt: X, States: {X: {Type: Pass}}}", "error: missing-field /States/X",
     "S"),
    ("a misspelt End is told once", "{StartAt: X, States: {X: {Type: Pass, end: true}}}", "error: unknown-field /States/X/end", "S"),
    ("a state that nothing leads to", "{StartAt: X, States: {X: {Type: Succeed}, Y: {Type: Succeed}}}", "error: unreachable-state /States/Y", "A"),
    ("of a chain that nothing leads to, the first", "{StartAt: X, States: {X: {Type: Succeed}, Y: {Type: Pass, Next: Z}, Z: {Type: Succeed}}}",
     "error: unreachable-state /States/Y", "A"),
    ("an island is not proven to be refused", "{StartAt: X, States: {X: {Type: Succeed}, Y: {Type: Pass, Next: Z}, Z: {Type: Pass, Next: Y}}}",
     "warning: unreachable-state /States/Y", "?"),
    ("a missing target and the state that it leaves unreached", "{StartAt: X, States: {X: {Type: Pass, Next: Gone}, Other: {Type: Succeed}}}",
     "error: unknown-transition-target /States/X/Next; error: unreachable-state /States/Other", "A"),
    ("a misspelt target is told once", "{StartAt: X, States: {X: {Type: Pass, Next: Pay order}, Pay orders: {Type: Succeed}}}",
     "error: unknown-transition-target /States/X/Next", "A"),
    ("a missing Default", "{Type: Choice, Choices: [{Variable: $.a, IsNull: true, Next: Done}], Default: Gone}",
     "error: unknown-transition-target /Default", "A, F"),
    ("a missing target of a rule", "{Type: Choice, Choices: [{Variable: $.a, IsNull: true, Next: Gone}], Default: Done}",
     "error: unknown-transition-target /Choices/0/Next", "A, F"),
    ("a missing target of a Catcher", "{Type: Task, Catch: [{ErrorEquals: [E], Next: Gone}]}", "error: unknown-transition-target /Catch/0/Next", "A, F"),
]

# --- 4. and 5. states, one by one (which field stands in which: the tables at the end) ------------------------------------------

STATES: list[Row] = [
    ("Type is required", "{StartAt: X, States: {X: {End: true}}}", "error: missing-field /States/X", "S"),
    ("there are eight types", "{StartAt: X, States: {X: {Type: Lambda, Function: f, End: true}}}", "error: not-one-of /States/X/Type", "A"),
    ("types are written exactly", "{StartAt: X, States: {X: {Type: pass, End: true}}}", "error: not-one-of /States/X/Type", "A"),
    ("Type is a string", "{StartAt: X, States: {X: {Type: [Pass], End: true}}}", "error: wrong-type /States/X/Type", "A"),
    ("Next and End: true", "{Type: Pass, Next: Done, End: true}", "error: conflicting-fields /End", "S"),
    ("Next and End: false", "{Type: Pass, Next: Done, End: false}", "ok", "S"),
    ("End: false alone", "{StartAt: X, States: {X: {Type: Choice, Choices: [{Variable: $.a, IsNull: true, Next: Y}], Default: Z}, "
     "Y: {Type: Pass, End: false}, Z: {Type: Succeed}}}", "error: missing-field /States/Y", "S"),
    ("End is a boolean", "{Type: Pass, End: 'true'}", "error: wrong-type /End", "S"),
    ("Next is a string", "{StartAt: X, States: {X: {Type: Choice, Choices: [{Variable: $.a, IsNull: true, Next: Y}], Default: Z}, "
     "Y: {Type: Pass, Next: [Z]}, Z: {Type: Succeed}}}", "error: wrong-type /States/Y/Next", "S"),
    ("Result may be null", "{Type: Pass, Result: null}", "ok", "S"),
    ("Parameters of a Pass may be an array", "{Type: Pass, Parameters: [1]}", "ok", "O"),
    ("Result beside Parameters", "{Type: Pass, Result: 1, Parameters: {}}", "warning: conflicting-fields /Parameters", "?"),
    ("a Task needs a Resource", "{StartAt: X, States: {X: {Type: Task, End: true}}}", "error: missing-field /States/X", "S"),
    ("Parameters of a Task may be empty", "{Type: Task, Parameters: {}}", "ok", "S"),
    ("Parameters of a Task may be other JSON", "{Type: Task, Parameters: [1]}", "no error", "T"),
    ("Arguments are an object", f"{{Type: Task, {JA}, Arguments: {{a: 1}}}}", "ok", "S"),
    ("Arguments that are neither object nor expression are not settled", f"{{Type: Task, {JA}, Arguments: [1]}}", "warning: wrong-type /Arguments", "S, L, T"),
    *(
        (f"{field} of {value}", f"{{Type: Task, {field}: {value}}}", expected, "S, D")
        for field in ("TimeoutSeconds", "HeartbeatSeconds")
        for value, expected in (
            ("1", "ok"), ("99999999", "ok"), ("0", f"error: value-out-of-range /{field}"), ("-1", f"error: value-out-of-range /{field}"),
            ("100000000", f"error: value-out-of-range /{field}"), ("1.5", f"error: wrong-type /{field}"), ("'60'", f"error: wrong-type /{field}"),
        )
    ),
    ("TimeoutSeconds excludes its Path", "{Type: Task, TimeoutSeconds: 5, TimeoutSecondsPath: $.a}", "error: conflicting-fields /TimeoutSecondsPath", "S"),
    ("HeartbeatSeconds excludes its Path", "{Type: Task, HeartbeatSeconds: 5, HeartbeatSecondsPath: $.a}",
     "error: conflicting-fields /HeartbeatSecondsPath", "S"),
    ("a heartbeat below the timeout", "{Type: Task, HeartbeatSeconds: 5, TimeoutSeconds: 6}", "ok", "S"),
    ("a heartbeat not below the timeout", "{Type: Task, HeartbeatSeconds: 5, TimeoutSeconds: 5}", "warning: value-out-of-range /HeartbeatSeconds", "S"),
    ("TimeoutSecondsPath is a reference path", "{Type: Task, TimeoutSecondsPath: '$.a[*]'}", "error: invalid-path /TimeoutSecondsPath", "S"),
    ("TimeoutSecondsPath may read the context and variables", "{Type: Task, TimeoutSecondsPath: $a.b, HeartbeatSecondsPath: $$.Execution.Input.a}",
     "ok", "S"),
    ("Credentials need RoleArn", "{Type: Task, Credentials: {}}", "error: missing-field /Credentials", "A"),
    ("Credentials with RoleArn", "{Type: Task, Credentials: {RoleArn: 'arn:aws:iam::123456789012:role/r'}}", "ok", "D"),
    ("Credentials with a RoleArn that is read", "{Type: Task, Credentials: {'RoleArn.$': $.role}}", "ok", "D"),
    ("Credentials with a RoleArn that is built", "{Type: Task, Credentials: {'RoleArn.$': \"States.Format('arn:{}', $.a)\"}}", "ok", "D"),
    ("Credentials have one key", "{Type: Task, Credentials: {RoleArn: a, 'RoleArn.$': $.b}}", "error: conflicting-fields /Credentials/RoleArn.$", "A, D"),
    ("Credentials have no other key", "{Type: Task, Credentials: {RoleArn: a, Name: b}}", "error: unknown-field /Credentials/Name", "A"),
    ("a misspelt RoleArn is told once", "{Type: Task, Credentials: {roleArn: a}}", "error: unknown-field /Credentials/roleArn", "A"),
    ("a RoleArn may be an expression", f"{{Type: Task, {JA}, Credentials: {{RoleArn: '{{% $states.input.role %}}'}}}}", "ok", "O"),
    ("RoleArn.$ is JSONPath", f"{{Type: Task, {JA}, Credentials: {{'RoleArn.$': $.role}}}}", "error: field-of-other-language /Credentials/RoleArn.$", "D"),
    ("an activity takes no Credentials", "{Type: Task, Resource: 'arn:aws:states:eu-west-1:123456789012:activity:a', Credentials: {RoleArn: a}}",
     "noticed /Credentials", "D"),
    # Choice
    ("Choices is required", "{StartAt: X, States: {X: {Type: Choice, Default: Y}, Y: {Type: Succeed}}}", "error: missing-field /States/X", "A"),
    ("Choices may not be empty", "{Type: Choice, Choices: [], Default: Done}", "error: empty-value /Choices", "A"),
    ("Choices is an array", "{Type: Choice, Choices: {Variable: $.a, IsNull: true, Next: Done}, Default: Done}", "error: wrong-type /Choices", "S"),
    ("a Choice needs no Default", rule("Variable: $.a, IsNull: true"), "ok", "A"),
    ("a JSONata rule needs a Condition", f"{{Type: Choice, {JA}, Choices: [{{Next: Done}}]}}", "error: missing-field /Choices/0", "S"),
    ("a JSONata rule needs a Next", f"{{Type: Choice, {JA}, Choices: [{{Condition: true}}], Default: Done}}", "error: missing-field /Choices/0", "A"),
    ("a Condition may be a boolean", f"{{Type: Choice, {JA}, Choices: [{{Condition: false, Next: Done}}]}}", "ok", "S"),
    ("a Condition is no text", f"{{Type: Choice, {JA}, Choices: [{{Condition: 'true', Next: Done}}]}}", "error: wrong-type /Choices/0/Condition", "S"),
    ("a JSONata rule may have Assign, Output, Comment",
     f"{{Type: Choice, {JA}, Choices: [{{Condition: true, Assign: {{a: 1}}, Output: 1, Comment: c, Next: Done}}], Assign: {{a: 2}}, Output: 2}}", "ok", "S"),
    ("a JSONPath rule needs a Next", "{Type: Choice, Choices: [{Variable: $.a, IsNull: true}], Default: Done}", "error: missing-field /Choices/0", "A"),
    ("a JSONPath rule needs an operator", rule("Variable: $.a"), "error: missing-field /Choices/0", "S"),
    ("a misspelt operator is told once", rule("Variable: $.a, NumericEqual: 1"), "error: unknown-field /Choices/0/NumericEqual", "S"),
    ("an operator needs a Variable", rule("IsNull: true"), "error: missing-field /Choices/0", "S"),
    ("a rule has one operator", rule("Variable: $.a, NumericEquals: 1, IsPresent: true"), "error: conflicting-fields /Choices/0/IsPresent", "S"),
    ("an operator and its Path are two", rule("Variable: $.a, NumericEquals: 1, NumericEqualsPath: $.b"),
     "error: conflicting-fields /Choices/0/NumericEqualsPath", "S"),
    ("And excludes Or", rule("And: [{Variable: $.a, IsNull: true}], Or: [{Variable: $.a, IsNull: true}]"), "error: conflicting-fields /Choices/0/Or", "S"),
    ("And excludes Variable", rule("Variable: $.b, And: [{Variable: $.a, IsNull: true}]"), "error: conflicting-fields /Choices/0/And", "S"),
    ("And excludes an operator, told once", rule("Variable: $.b, IsNull: true, And: [{Variable: $.a, IsNull: true}]"),
     "error: conflicting-fields /Choices/0/And", "S"),
    ("And may not be empty", rule("And: []"), "error: empty-value /Choices/0/And", "S"),
    ("Or may not be empty", rule("Or: []"), "error: empty-value /Choices/0/Or", "S"),
    ("And is an array", rule("And: {Variable: $.a, IsNull: true}"), "error: wrong-type /Choices/0/And", "S"),
    ("Not is one object", rule("Not: [{Variable: $.a, IsNull: true}]"), "error: wrong-type /Choices/0/Not", "S"),
    ("Not of one rule", rule("Not: {Variable: $.a, IsNull: true}"), "ok", "S"),
    ("nested rules may be commented", rule("And: [{Variable: $.a, IsNull: true, Comment: c}], Comment: c, Assign: {'a.$': $.b}"), "ok", "A"),
    ("nested rules have no Next", rule("And: [{Variable: $.a, IsNull: true, Next: Done}]"), "error: unknown-field /Choices/0/And/0/Next", "S"),
    ("nor deeper", rule("Or: [{And: [{Not: {Variable: $.a, IsNull: true, Next: Done}}]}]"), "error: unknown-field /Choices/0/Or/0/And/0/Not/Next", "S"),
    ("nested rules have no Assign", rule("And: [{Variable: $.a, IsNull: true, Assign: {a: 1}}]"), "error: unknown-field /Choices/0/And/0/Assign", "S"),
    *(
        (f"{operator} compares with {kind}", rule(f"Variable: $.a, {operator}: {value}"), "ok", "S")
        for kind, value, operators in (
            ("a string", "'1'", [*("String" + o for o in ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")), "StringMatches"]),
            ("a number", "1.5", ["Numeric" + o for o in ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")]),
            ("a moment", "'2026-03-14T01:59:00.5+01:00'",
             ["Timestamp" + o for o in ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")]),
            ("a boolean", "false", ["BooleanEquals", *("Is" + o for o in ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp"))]),
            ("a path", "\"$.b['c'][0]\"",
             [f + o + "Path" for f in ("String", "Numeric", "Timestamp") for o in ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")]
             + ["BooleanEqualsPath"]),
        )
        for operator in operators
    ),
    ("a string operator takes no number", rule("Variable: $.a, StringEquals: 1"), "error: wrong-type /Choices/0/StringEquals", "S"),
    ("StringMatches takes no number", rule("Variable: $.a, StringMatches: 1"), "error: wrong-type /Choices/0/StringMatches", "S"),
    ("a numeric operator takes no string", rule("Variable: $.a, NumericLessThan: '1'"), "error: wrong-type /Choices/0/NumericLessThan", "S"),
    ("BooleanEquals takes no string", rule("Variable: $.a, BooleanEquals: 'true'"), "error: wrong-type /Choices/0/BooleanEquals", "S"),
    ("IsPresent takes no string", rule("Variable: $.a, IsPresent: 'true'"), "error: wrong-type /Choices/0/IsPresent", "S"),
    ("a timestamp operator compares with RFC 3339", rule("Variable: $.a, TimestampEquals: 2026-03-14 01:59"), "warning: invalid-format /Choices/0/TimestampEquals", "S"),
    ("a timestamp operator knows the calendar", rule("Variable: $.a, TimestampEquals: '2026-13-14T01:59:00Z'"), "noticed /Choices/0/TimestampEquals", "S"),
    ("StringMatches that ends in an open escape fails when it runs", rule("Variable: $.a, StringMatches: 'a\\'"), "noticed /Choices/0/StringMatches", "S"),
    *(
        (f"Variable {path} is a reference path", rule(f"Variable: \"{path}\", IsPresent: true"), "ok", "S, A")
        for path in ("$", "$.a.b", "$['a b']", "$.a[0]", "$$.Execution.Input.a", "$v", "$v.a")
    ),
    *(
        (f"Variable {path} is none", rule(f"Variable: \"{path}\", IsPresent: true"), "error: invalid-path /Choices/0/Variable", "A")
        for path in ("", "a.b", "$.a[*]", "$..a", "$.a[0,1]", "$.a[0:1]", "$.a[?(@.b)]", "States.UUID()")
    ),
    ("an operand that is a path may select the context", rule("Variable: $.a, StringEqualsPath: $$.Execution.Name"), "ok", "S"),
    ("an operand that is a path begins with $", rule("Variable: $.a, StringEqualsPath: b"), "error: invalid-path /Choices/0/StringEqualsPath", "S"),
    ("an operand that is a path is no call", rule("Variable: $.a, StringEqualsPath: States.UUID()"), "error: invalid-path /Choices/0/StringEqualsPath", "S"),
    # Wait
    ("a Wait needs a time", "{StartAt: X, States: {X: {Type: Wait, End: true}}}", "error: missing-field /States/X", "S"),
    ("a JSONata Wait needs a time", f"{{StartAt: X, States: {{X: {{Type: Wait, {JA}, End: true}}}}}}", "error: missing-field /States/X", "S"),
    ("a Wait has one time", "{Type: Wait, Seconds: 1, Timestamp: '2026-03-14T01:59:00Z'}", "error: conflicting-fields /Timestamp", "S"),
    ("a Wait has one time, three are told once", "{Type: Wait, Seconds: 1, SecondsPath: $.a, TimestampPath: $.b}", "error: conflicting-fields /TimestampPath", "S"),
    *(
        (f"Seconds of {value}", f"{{Type: Wait, Seconds: {value}}}", expected, "S, D")
        for value, expected in (
            ("0", "ok"), ("99999999", "ok"), ("-1", "error: value-out-of-range /Seconds"), ("100000000", "error: value-out-of-range /Seconds"),
            ("1.5", "error: wrong-type /Seconds"), ("'5'", "error: wrong-type /Seconds"),
        )
    ),
    ("Seconds may be an expression", f"{{Type: Wait, {JA}, Seconds: '{{% $states.input.a %}}'}}", "ok", "S"),
    *(
        (f"Timestamp {text}", f"{{Type: Wait, Timestamp: \"{text}\"}}", "ok", "A")
        for text in ("2026-03-14T01:59:00Z", "2026-03-14T01:59:00.123456789Z", "2026-03-14T01:59:00+01:00", "2024-02-29T23:59:59Z")
    ),
    *(
        (f"Timestamp {text}", f"{{Type: Wait, Timestamp: \"{text}\"}}", "error: invalid-format /Timestamp", "A")
        for text in ("", "2026-03-14", "2026-03-14T01:59:00", "2026-03-14 01:59:00Z", "2026-03-14t01:59:00Z", "2026-03-14T01:59:00z", "2026-03-14T01:59Z",
                     "2026-13-14T01:59:00Z", "2025-02-29T01:59:00Z", "2026-03-14T25:00:00Z", "{% $now() %}", "$.when")
    ),
    ("Timestamp with a line feed", "{Type: Wait, Timestamp: \"2026-03-14T01:59:00Z\\n\"}", "error: invalid-format /Timestamp", "A"),
    ("Timestamp is a string", "{Type: Wait, Timestamp: 20260314}", "error: wrong-type /Timestamp", "A"),
    ("Timestamp may be an expression", f"{{Type: Wait, {JA}, Timestamp: '{{% $now() %}}'}}", "ok", "S"),
    ("a literal Timestamp of a JSONata Wait", f"{{Type: Wait, {JA}, Timestamp: '2026-03-14'}}", "error: invalid-format /Timestamp", "A"),
    ("SecondsPath is a reference path", "{Type: Wait, SecondsPath: '$.a[*]'}", "error: invalid-path /SecondsPath", "S"),
    ("TimestampPath is no timestamp", "{Type: Wait, TimestampPath: '2026-03-14T01:59:00Z'}", "error: invalid-path /TimestampPath", "S"),
    # Fail and Succeed
    ("a Fail needs nothing", "{Type: Fail}", "ok", "S"),
    ("Error and Cause are strings", "{Type: Fail, Error: 5, Cause: {a: 1}}", "error: wrong-type /Error; error: wrong-type /Cause", "S"),
    ("Error excludes ErrorPath", "{Type: Fail, Error: E, ErrorPath: $.e}", "error: conflicting-fields /ErrorPath", "F"),
    ("Cause excludes CausePath", "{Type: Fail, Cause: c, CausePath: $.c}", "error: conflicting-fields /CausePath", "F"),
    ("Error goes with CausePath", "{Type: Fail, Error: E, CausePath: $.c}", "ok", "S"),
    ("ErrorPath may read the context", "{Type: Fail, ErrorPath: $$.Execution.Name, CausePath: $c}", "ok", "D"),
    *(
        (f"{call_} gives a text", f"{{Type: Fail, CausePath: \"States.{call_}\"}}", "ok", "D")
        for call_ in ("Format('{}', $.a)", "JsonToString($.a)", "ArrayGetItem($.a, 0)", "Base64Encode($.a)", "Base64Decode($.a)", "Hash($.a, 'MD5')", "UUID()")
    ),
    *(
        (f"{call_} gives no text", f"{{Type: Fail, CausePath: \"States.{call_}\"}}", "error: invalid-path /CausePath", "D")
        for call_ in ("MathAdd(1, 2)", "Array(1)", "StringToJson($.a)", "ArrayLength($.a)")
    ),
    ("ErrorPath is a reference path", "{Type: Fail, ErrorPath: '$.a[*]'}", "error: invalid-path /ErrorPath", "S"),
    ("ErrorPath begins with $", "{Type: Fail, ErrorPath: OrderLost}", "error: invalid-path /ErrorPath", "S"),
    ("a Succeed may have OutputPath", "{Type: Succeed, InputPath: $.a, OutputPath: null}", "ok", "O"),
    # Parallel
    ("Branches is required", "{StartAt: X, States: {X: {Type: Parallel, End: true}}}", "error: missing-field /States/X", "S"),
    ("Branches may not be empty", "{Type: Parallel, Branches: []}", "error: empty-value /Branches", "A"),
    ("Branches is an array", "{Type: Parallel, Branches: {StartAt: P, States: {P: {Type: Succeed}}}}", "error: wrong-type /Branches", "S"),
    ("a branch is an object", "{Type: Parallel, Branches: [P]}", "error: wrong-type /Branches/0", "S"),
    ("a branch needs StartAt and States", "{Type: Parallel, Branches: [{}]}", "error: missing-field /Branches/0; error: missing-field /Branches/0", "S"),
    ("StartAt of a branch names a state of it", "{Type: Parallel, Branches: [{StartAt: X, States: {P: {Type: Succeed}}}]}",
     "error: unknown-transition-target /Branches/0/StartAt; error: unreachable-state /Branches/0/States/P", "A"),
]

# --- 5.7 Map ------------------------------------------------------------------------------------------------------------------

MAP: list[Row] = [
    ("a Map needs a processor", "{StartAt: X, States: {X: {Type: Map, End: true}}}", "error: missing-field /States/X", "S"),
    ("a Map has one processor", "{Type: Map, ItemProcessor: {StartAt: P, States: {P: {Type: Succeed}}}, Iterator: {StartAt: Q, States: {Q: {Type: Succeed}}}}",
     "error: conflicting-fields /Iterator", "S"),
    ("a processor needs StartAt and States", "{Type: Map, ItemProcessor: {}}", "error: missing-field /ItemProcessor; error: missing-field /ItemProcessor", "S"),
    ("a processor is an object", "{Type: Map, ItemProcessor: [1]}", "error: wrong-type /ItemProcessor", "S"),
    ("Iterator is the older name", "{Type: Map, Iterator: {StartAt: P, States: {P: {Type: Succeed}}}}", "info: deprecated-field /Iterator", "S"),
    ("an Iterator may be distributed", "{Type: Map, Iterator: {ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, StartAt: P, States: {P: {Type: "
     "Succeed}}}, ItemSelector: {'a.$': $$.Map.Item.Value}}", "info: deprecated-field /Iterator", "A"),
    ("INLINE may be said", processor("Mode: INLINE"), "ok", "D"),
    ("an empty ProcessorConfig is inline", processor(""), "ok", "D"),
    ("there are two modes", processor("Mode: Distributed, ExecutionType: STANDARD"), "error: not-one-of /ItemProcessor/ProcessorConfig/Mode", "D"),
    ("DISTRIBUTED needs ExecutionType", processor("Mode: DISTRIBUTED"), "error: companion-field /ItemProcessor/ProcessorConfig/Mode", "D"),
    ("there are two types", processor("Mode: DISTRIBUTED, ExecutionType: Express"), "error: not-one-of /ItemProcessor/ProcessorConfig/ExecutionType", "D"),
    ("ExecutionType of an inline Map", processor("Mode: INLINE, ExecutionType: EXPRESS"), "warning: field-of-distributed-map /ItemProcessor/ProcessorConfig/ExecutionType", "D"),
    ("ProcessorConfig has two fields", processor("Mode: INLINE, Comment: c"), "error: unknown-field /ItemProcessor/ProcessorConfig/Comment", "D"),
    ("Items are an array", f"{{Type: Map, {JA}, Items: [1]}}", "ok", "S"),
    ("Items of a distributed Map may be an object", f"{{{D_MAP}, {JA}, Items: {{a: 1}}}}", "ok", "D"),
    ("an inline Map over an object fails when it runs", f"{{Type: Map, {JA}, Items: {{a: 1}}}}", "noticed /Items", "A"),
    ("Items that are a number are not settled", f"{{Type: Map, {JA}, Items: 5}}", "warning: wrong-type /Items", "S"),
    *((f"ItemsPath {path}", f"{{Type: Map, ItemsPath: \"{path}\"}}", "ok", "S, A") for path in ("$", "$.a", "$$.Execution.Input.a", "$v")),
    *((f"ItemsPath {path}", f"{{Type: Map, ItemsPath: \"{path}\"}}", "error: invalid-path /ItemsPath", "S")
      for path in ("a", "$.a[*]", "States.ArrayRange(1, 2, 1)")),
    ("ItemsPath beside ItemReader is ignored", f"{{{D_MAP}, ItemsPath: $.a, ItemReader: {{{LIST}, Parameters: {{Bucket: b}}}}}}", "ok", "A"),
    ("ItemSelector is a template", "{Type: Map, ItemSelector: {'a.$': $$.Map.Item.Value}}", "ok", "S"),
    ("ItemSelector of JSONata is any JSON", f"{{Type: Map, {JA}, ItemSelector: [1]}}", "ok", "S"),
    ("ItemSelector excludes Parameters", "{Type: Map, ItemSelector: {}, Parameters: {}}", "error: conflicting-fields /Parameters", "S"),
    ("Parameters is the older name", "{Type: Map, Parameters: {}}", "info: deprecated-field /Parameters", "S"),
    ("MaxConcurrency may be 0", "{Type: Map, MaxConcurrency: 0}", "ok", "S"),
    ("MaxConcurrency may be huge", "{Type: Map, MaxConcurrency: 99999999999999999999}", "ok", "F"),
    ("MaxConcurrency is not negative", "{Type: Map, MaxConcurrency: -1}", "error: value-out-of-range /MaxConcurrency", "F"),
    ("MaxConcurrency is an integer", "{Type: Map, MaxConcurrency: 1.5}", "error: wrong-type /MaxConcurrency", "S"),
    ("MaxConcurrency excludes its Path", "{Type: Map, MaxConcurrency: 1, MaxConcurrencyPath: $.a}", "error: conflicting-fields /MaxConcurrencyPath", "S"),
    ("an inline Map may tolerate failures", "{Type: Map, ToleratedFailurePercentage: 0.5, ToleratedFailureCount: 5}", "ok", "A"),
    ("a percentage goes up to 100", "{Type: Map, ToleratedFailurePercentage: 100}", "ok", "S"),
    ("a percentage goes no further", "{Type: Map, ToleratedFailurePercentage: 100.5}", "error: value-out-of-range /ToleratedFailurePercentage", "S"),
    ("a percentage is not negative", "{Type: Map, ToleratedFailurePercentage: -1}", "error: value-out-of-range /ToleratedFailurePercentage", "S"),
    ("a count is not negative", "{Type: Map, ToleratedFailureCount: -1}", "error: value-out-of-range /ToleratedFailureCount", "S"),
    ("a count is an integer", "{Type: Map, ToleratedFailureCount: 1.5}", "error: wrong-type /ToleratedFailureCount", "S"),
    ("a count excludes its Path", "{Type: Map, ToleratedFailureCount: 1, ToleratedFailureCountPath: $.a}", "error: conflicting-fields /ToleratedFailureCountPath", "S"),
    ("a percentage excludes its Path", "{Type: Map, ToleratedFailurePercentage: 1, ToleratedFailurePercentagePath: $.a}",
     "error: conflicting-fields /ToleratedFailurePercentagePath", "S"),
    ("a Label of 40 characters", f"{{{D_MAP}, Label: {'x' * 40}}}", "ok", "D, B"),
    ("a Label of 41 characters", f"{{{D_MAP}, Label: {'x' * 41}}}", "error: invalid-label /Label", "D, B"),
    ("an empty Label", f"{{{D_MAP}, Label: ''}}", "error: invalid-label /Label", "D, B"),
    *((f"a Label with {json.dumps(c)}", f"{{{D_MAP}, Label: {json.dumps('a' + c + 'b')}}}", "error: invalid-label /Label", "D, B")
      for c in " \t\n?*<>{}[]:;,\\|^~$#%&`\"\x00\x7f\x80"),
    ("a Label with what is left", f"{{{D_MAP}, Label: \"a/b.c_d-e(f)'g'=h+i@j!\"}}", "ok", "D, B"),
    ("the Label of an inline Map is not settled", "{Type: Map, Label: a b}", "warning: invalid-label /Label", "?"),
    ("two Labels may not be one", "{StartAt: X, States: {"
     + ", ".join(f"{n}: {{Type: Map, Label: l, ItemProcessor: {{ProcessorConfig: {{Mode: DISTRIBUTED, ExecutionType: EXPRESS}}, StartAt: {p}, "
                 f"States: {{{p}: {{Type: Succeed}}}}}}, {end}}}" for n, p, end in (("X", "P", "Next: Y"), ("Y", "Q", "End: true"))) + "}}",
     "error: duplicate-label /States/Y/Label", "B"),
    *((f"{field} belongs to a distributed Map", f"{{Type: Map, {field}: {value}}}", f"error: field-of-distributed-map /{field}", "F")
      for field, value in (("ItemReader", f"{{{LIST}, Parameters: {{Bucket: b}}}}"), ("ItemBatcher", "{MaxItemsPerBatch: 1}"),
                           ("ResultWriter", f"{{{PUT}, Parameters: {{Bucket: b}}}}"))),
    ("a distributed Map's field of the wrong type in an inline Map is told once", "{Type: Map, ItemReader: null}", "error: field-of-distributed-map /ItemReader", "F"),
    # ItemReader
    ("an ItemReader reads one object", reader("InputType: JSON"), "ok", "S, D"),
    ("an ItemReader lists objects", f"{{{D_MAP}, ItemReader: {{{LIST}, Parameters: {{Bucket: b, Prefix: p/}}}}}}", "ok", "D"),
    ("an ItemReader in other partitions", f"{{{D_MAP}, ItemReader: {{Resource: 'arn:aws-us-gov:states:::s3:listObjectsV2', Parameters: {{Bucket: b}}}}}}", "ok", "D"),
    ("an ItemReader needs a Resource", f"{{{D_MAP}, ItemReader: {{{OBJECT}}}}}", "error: missing-field /ItemReader", "S"),
    *((f"an ItemReader does not read with {arn}", f"{{{D_MAP}, ItemReader: {{Resource: '{arn}', {OBJECT}}}}}", "error: invalid-resource /ItemReader/Resource", "F")
      for arn in ("arn:aws:states:::aws-sdk:s3:listObjectsV2", "arn:aws:states:::s3:getObjects", "s3:getObject", "arn:aws:states:::dynamodb:getItem")),
    ("an ItemReader's Resource with a line feed", f"{{{D_MAP}, ItemReader: {{Resource: \"arn:aws:states:::s3:listObjectsV2\\n\", Parameters: {{Bucket: b}}}}}}",
     "error: invalid-resource /ItemReader/Resource", "F"),
    ("getObject needs Parameters", f"{{{D_MAP}, ItemReader: {{{GET}, ReaderConfig: {{InputType: JSON}}}}}}", "noticed /ItemReader/Resource", "D"),
    ("getObject needs Bucket and Key", f"{{{D_MAP}, ItemReader: {{{GET}, Parameters: {{Bucket: b}}, ReaderConfig: {{InputType: JSON}}}}}}",
     "noticed /ItemReader/Parameters", "D"),
    ("listObjectsV2 needs Bucket", f"{{{D_MAP}, ItemReader: {{{LIST}, Parameters: {{Prefix: p}}}}}}", "noticed /ItemReader/Parameters", "D"),
    ("an ItemReader may ask for a version and an owner",
     f"{{{D_MAP}, ItemReader: {{{GET}, Parameters: {{Bucket: b, 'Key.$': $.k, VersionId: v, ExpectedBucketOwner: '123456789012'}},"
     " ReaderConfig: {InputType: JSON}}}", "ok", "D"),
    ("an ItemReader's arguments are those of the API",
     f"{{{D_MAP}, ItemReader: {{{LIST}, Parameters: {{Bucket: b, Prefx: p/}}}}}}", "noticed /ItemReader/Parameters/Prefx", "D"),
    ("their case counts", f"{{{D_MAP}, ItemReader: {{{LIST}, Parameters: {{bucket: b}}}}}}", "noticed /ItemReader/Parameters/bucket", "D"),
    ("their types too", f"{{{D_MAP}, ItemReader: {{{LIST}, Parameters: {{Bucket: b, MaxKeys: many}}}}}}",
     "noticed /ItemReader/Parameters/MaxKeys", "D"),
    ("getObject needs a ReaderConfig", f"{{{D_MAP}, ItemReader: {{{GET}, {OBJECT}}}}}", "noticed /ItemReader/Resource", "D"),
    *((f"InputType {kind}", reader(f"InputType: {kind}"), "ok", "D, F") for kind in ("JSON", "JSONL", "PARQUET", "MANIFEST")),
    ("there is no other InputType", reader("InputType: XML"), "error: not-one-of /ItemReader/ReaderConfig/InputType", "F"),
    ("CSV says where its headers are", reader("InputType: CSV, CSVHeaderLocation: FIRST_ROW, CSVDelimiter: PIPE"), "ok", "D"),
    ("CSV should say where its headers are", reader("InputType: CSV"), "warning: companion-field /ItemReader/ReaderConfig/InputType", "D"),
    ("headers that are given", reader("InputType: CSV, CSVHeaderLocation: GIVEN, CSVHeaders: [a, b]"), "ok", "D"),
    ("GIVEN needs headers", reader("InputType: CSV, CSVHeaderLocation: GIVEN"), "error: companion-field /ItemReader/ReaderConfig/CSVHeaderLocation", "D"),
    ("headers without a location, told once", reader("InputType: CSV, CSVHeaders: [a]"), "warning: companion-field /ItemReader/ReaderConfig/CSVHeaders", "D"),
    ("headers need GIVEN", reader("InputType: CSV, CSVHeaderLocation: FIRST_ROW, CSVHeaders: [a]"), "noticed /ItemReader/ReaderConfig/CSVHeaders", "D"),
    ("headers may not be none", reader("InputType: CSV, CSVHeaderLocation: GIVEN, CSVHeaders: []"), "error: empty-value /ItemReader/ReaderConfig/CSVHeaders", "D"),
    ("headers are strings", reader("InputType: CSV, CSVHeaderLocation: GIVEN, CSVHeaders: [a, 5]"), "error: wrong-type /ItemReader/ReaderConfig/CSVHeaders/1", "D"),
    ("headers are unique", reader("InputType: CSV, CSVHeaderLocation: GIVEN, CSVHeaders: [a, a]"), "error: duplicate-element /ItemReader/ReaderConfig/CSVHeaders/1", "A"),
    ("there are two places for headers", reader("InputType: CSV, CSVHeaderLocation: NONE"), "error: not-one-of /ItemReader/ReaderConfig/CSVHeaderLocation", "D"),
    ("delimiters have names", reader("InputType: CSV, CSVHeaderLocation: FIRST_ROW, CSVDelimiter: ';'"), "error: not-one-of /ItemReader/ReaderConfig/CSVDelimiter", "D"),
    ("JSON has no CSV headers", reader("InputType: JSON, CSVHeaderLocation: FIRST_ROW"), "noticed /ItemReader/ReaderConfig/CSVHeaderLocation", "D"),
    ("JSON has no delimiter", reader("InputType: JSON, CSVDelimiter: TAB"), "noticed /ItemReader/ReaderConfig/CSVDelimiter", "D"),
    ("a pointer to the items", reader("InputType: JSON, ItemsPointer: /a/b"), "ok", "D"),
    ("a pointer begins with /", reader("InputType: JSON, ItemsPointer: a.b"), "warning: invalid-format /ItemReader/ReaderConfig/ItemsPointer", "D"),
    ("CSV has no pointer", reader("InputType: CSV, CSVHeaderLocation: FIRST_ROW, ItemsPointer: /a"), "noticed /ItemReader/ReaderConfig/ItemsPointer", "D"),
    ("MaxItems of 0 and of more than 100,000,000 ran", reader("InputType: JSON, MaxItems: 100000001"), "no error", "A"),
    ("a negative MaxItems fails when it runs", reader("InputType: JSON, MaxItems: -1"), "error: fails-at-run-time /ItemReader/ReaderConfig/MaxItems", "A"),
    ("a fraction of an item fails when it runs", reader("InputType: JSON, MaxItems: 1.5"), "error: fails-at-run-time /ItemReader/ReaderConfig/MaxItems", "A"),
    ("MaxItems excludes its Path", reader("InputType: JSON, MaxItems: 1, MaxItemsPath: $.a"), "error: conflicting-fields /ItemReader/ReaderConfig/MaxItemsPath", "S"),
    ("MaxItemsPath is a reference path", reader("InputType: JSON, MaxItemsPath: '$.a[*]'"), "error: invalid-path /ItemReader/ReaderConfig/MaxItemsPath", "S"),
    ("what is listed may be read", f"{{{D_MAP}, ItemReader: {{{LIST}, Parameters: {{Bucket: b}}, ReaderConfig: {{InputType: JSON, Transformation: LOAD_AND_FLATTEN}}}}}}",
     "ok", "D"),
    ("LOAD_AND_FLATTEN needs InputType", f"{{{D_MAP}, ItemReader: {{{LIST}, Parameters: {{Bucket: b}}, ReaderConfig: {{Transformation: LOAD_AND_FLATTEN}}}}}}",
     "warning: companion-field /ItemReader/ReaderConfig/Transformation", "D"),
    ("LOAD_AND_FLATTEN needs listObjectsV2", reader("InputType: JSON, Transformation: LOAD_AND_FLATTEN"), "noticed /ItemReader/ReaderConfig/Transformation", "D"),
    ("LOAD_AND_FLATTEN reads no manifest",
     f"{{{D_MAP}, ItemReader: {{{LIST}, Parameters: {{Bucket: b}}, ReaderConfig: {{InputType: MANIFEST, Transformation: LOAD_AND_FLATTEN}}}}}}",
     "noticed /ItemReader/ReaderConfig/Transformation", "D"),
    ("there are two transformations", reader("InputType: JSON, Transformation: FLATTEN"), "error: not-one-of /ItemReader/ReaderConfig/Transformation", "D"),
    ("an inventory has no InputType", reader("ManifestType: S3_INVENTORY"), "ok", "D"),
    ("an inventory should have no InputType", reader("ManifestType: S3_INVENTORY, InputType: JSONL"), "warning: conflicting-fields /ItemReader/ReaderConfig/InputType", "D"),
    ("Athena's data have an InputType", reader("ManifestType: ATHENA_DATA, InputType: PARQUET"), "ok", "D"),
    ("Athena's data should have an InputType", reader("ManifestType: ATHENA_DATA"), "warning: companion-field /ItemReader/ReaderConfig/ManifestType", "D"),
    ("Athena writes no JSON", reader("ManifestType: ATHENA_DATA, InputType: JSON"), "noticed /ItemReader/ReaderConfig/ManifestType", "D"),
    ("there are two kinds of manifest", reader("ManifestType: S3"), "error: not-one-of /ItemReader/ReaderConfig/ManifestType", "D"),
    # ItemBatcher
    ("a batch has a size", f"{{{D_MAP}, ItemBatcher: {{MaxItemsPerBatch: 1, MaxInputBytesPerBatch: 262144, BatchInput: {{a: 1}}}}}}", "ok", "D"),
    ("a batch may read its size", f"{{{D_MAP}, ItemBatcher: {{MaxItemsPerBatchPath: $.a, MaxInputBytesPerBatchPath: $.b}}}}", "ok", "S"),
    ("a batch needs a size", f"{{{D_MAP}, ItemBatcher: {{BatchInput: {{}}}}}}", "error: missing-field /ItemBatcher", "S"),
    ("a batch has an item", f"{{{D_MAP}, ItemBatcher: {{MaxItemsPerBatch: 0}}}}", "error: value-out-of-range /ItemBatcher/MaxItemsPerBatch", "D"),
    ("a batch has a byte", f"{{{D_MAP}, ItemBatcher: {{MaxInputBytesPerBatch: 0}}}}", "error: value-out-of-range /ItemBatcher/MaxInputBytesPerBatch", "D"),
    ("a batch has 256 KiB", f"{{{D_MAP}, ItemBatcher: {{MaxInputBytesPerBatch: 262145}}}}", "error: value-out-of-range /ItemBatcher/MaxInputBytesPerBatch", "D"),
    ("MaxItemsPerBatch excludes its Path", f"{{{D_MAP}, ItemBatcher: {{MaxItemsPerBatch: 1, MaxItemsPerBatchPath: $.a}}}}",
     "error: conflicting-fields /ItemBatcher/MaxItemsPerBatchPath", "S"),
    ("MaxInputBytesPerBatch excludes its Path", f"{{{D_MAP}, ItemBatcher: {{MaxInputBytesPerBatch: 1, MaxInputBytesPerBatchPath: $.a}}}}",
     "error: conflicting-fields /ItemBatcher/MaxInputBytesPerBatchPath", "S"),
    # ResultWriter
    ("a ResultWriter may only format", f"{{{D_MAP}, ResultWriter: {{WriterConfig: {{OutputType: JSONL, Transformation: FLATTEN}}}}}}", "ok", "F"),
    ("a ResultWriter may only write", f"{{{D_MAP}, ResultWriter: {{{PUT}, Parameters: {{Bucket: b, 'Prefix.$': $.p}}}}}}", "ok", "D"),
    ("a ResultWriter may do both",
     f"{{{D_MAP}, ResultWriter: {{{PUT}, Parameters: {{Bucket: b}}, WriterConfig: {{OutputType: JSON, Transformation: NONE}}}}}}", "ok", "D"),
    ("a ResultWriter's Arguments may be one expression", f"{{{D_MAP}, {JA}, ResultWriter: {{{PUT}, Arguments: '{{% $states.input.w %}}'}}}}", "ok", "D"),
    ("a ResultWriter may not be empty", f"{{{D_MAP}, ResultWriter: {{}}}}", "error: empty-value /ResultWriter", "F"),
    ("Resource needs Parameters", f"{{{D_MAP}, ResultWriter: {{{PUT}}}}}", "error: companion-field /ResultWriter/Resource", "F"),
    ("Parameters need Resource", f"{{{D_MAP}, ResultWriter: {{Parameters: {{Bucket: b}}}}}}", "error: companion-field /ResultWriter/Parameters", "F"),
    ("Arguments need Resource", f"{{{D_MAP}, {JA}, ResultWriter: {{Arguments: {{Bucket: b}}}}}}", "error: companion-field /ResultWriter/Arguments", "F"),
    ("a ResultWriter writes with putObject", f"{{{D_MAP}, ResultWriter: {{Resource: 'arn:aws:states:::s3:PutObject', Parameters: {{Bucket: b}}}}}}",
     "error: invalid-resource /ResultWriter/Resource", "F"),
    ("a ResultWriter names no object", f"{{{D_MAP}, ResultWriter: {{{PUT}, Parameters: {{Bucket: b, Prefix: p, Folder: f}}}}}}",
     "noticed /ResultWriter/Parameters/Folder", "D"),
    ("putObject needs Bucket", f"{{{D_MAP}, ResultWriter: {{{PUT}, Parameters: {{Prefix: p}}}}}}", "noticed /ResultWriter/Parameters", "D"),
    ("a WriterConfig needs OutputType", f"{{{D_MAP}, ResultWriter: {{WriterConfig: {{Transformation: NONE}}}}}}", "error: missing-field /ResultWriter/WriterConfig", "F, T"),
    ("whether a WriterConfig needs Transformation is second hand", f"{{{D_MAP}, ResultWriter: {{WriterConfig: {{OutputType: JSON}}}}}}",
     "warning: companion-field /ResultWriter/WriterConfig/OutputType", "F"),
    ("results are JSON or JSONL", f"{{{D_MAP}, ResultWriter: {{WriterConfig: {{OutputType: CSV, Transformation: NONE}}}}}}",
     "error: not-one-of /ResultWriter/WriterConfig/OutputType", "D"),
    ("there are three transformations of results", f"{{{D_MAP}, ResultWriter: {{WriterConfig: {{OutputType: JSON, Transformation: ALL}}}}}}",
     "error: not-one-of /ResultWriter/WriterConfig/Transformation", "D"),
]

# --- 6. input and output ------------------------------------------------------------------------------------------------------

INPUT_OUTPUT: list[Row] = [
    ("paths may be null", "{Type: Pass, InputPath: null, OutputPath: null, ResultPath: null}", "ok", "S"),
    *((f"InputPath {path}", f"{{Type: Pass, InputPath: \"{path}\", OutputPath: \"{path}\"}}", "ok", "S")
      for path in ("$", "$.a.b", "$.a[*].b", "$..a", "$.a[?(@.b > 5)]", "$$.Execution.Input", "$v.a")),
    *((f"InputPath {path!r}", f"{{Type: Pass, InputPath: \"{path}\"}}", "error: invalid-path /InputPath", "A") for path in ("", "a", ".a", "States.UUID()", "$.a[", "{% 1 %}")),
    *((f"OutputPath {path!r}", f"{{Type: Pass, OutputPath: \"{path}\"}}", "error: invalid-path /OutputPath", "A") for path in ("a", "States.UUID()")),
    *((f"ResultPath {path}", f"{{Type: Task, ResultPath: \"{path}\"}}", "ok", "S") for path in ("$", "$.a.b", "$['a b']", "$.a[0]", "$.a-b", "$.ä")),
    *((f"ResultPath {path!r}", f"{{Type: Task, ResultPath: \"{path}\"}}", "error: invalid-path /ResultPath", "S")
      for path in ("", "a", "$.a[*]", "$..a", "$.a[0:1]", "$.a[0,1]", "$.a[?(@.b)]", "$$.a", "$v", "$v.a", "States.UUID()")),
    ("ResultPath of a Catcher too", "{Type: Task, Catch: [{ErrorEquals: [E], ResultPath: $$.a, Next: Done}]}", "error: invalid-path /Catch/0/ResultPath", "S"),
    ("Parameters and ResultSelector may be empty", "{Type: Parallel, Parameters: {}, ResultSelector: {}}", "ok", "S"),
    ("Output may be any JSON", f"{{Type: Task, {JA}, Output: [null, 1, {{a: true}}]}}", "ok", "S"),
    ("Assign may be empty", "{Type: Pass, Assign: {}}", "ok", "S"),
    ("Assign is an object", "{Type: Pass, Assign: [1]}", "error: wrong-type /Assign", "S"),
    *((f"a variable may be named {name}", f"{{Type: Pass, Assign: {{'{name}': 1}}}}", "ok", "S") for name in ("a", "a1", "über", "变量", "x" * 80, "States")),
    *((f"a variable may not be named {name!r}", f"{{Type: Pass, Assign: {{'{name}': 1}}}}", f"noticed /Assign/{name}", "S")
      for name in ("states", "", "1a", "a b", "a-b", "a.b", "$a", "x" * 81)),
    ("a variable of a Catcher may not be named states", "{Type: Task, Catch: [{ErrorEquals: [E], Assign: {'states.$': $}, Next: Done}]}",
     "noticed /Catch/0/Assign/states.$", "S"),
    ("a branch may not assign what is set around it",
     "{StartAt: X, States: {X: {Type: Pass, Assign: {v: 1}, Next: Y}, Y: {Type: Parallel, End: true, Branches: [{StartAt: P, States: "
     "{P: {Type: Pass, Assign: {v: 2}, End: true}}}]}}}", "noticed /States/Y/Branches/0/States/P/Assign/v", "S"),
    ("a branch and the Catch of its Parallel may assign one name",
     "{Type: Parallel, Branches: [{StartAt: P, States: {P: {Type: Pass, Assign: {v: 2}, End: true}}}], Catch: [{ErrorEquals: [E], Assign: {v: 1}, Next: Done}]}", "ok", "A"),
    ("two branches may assign one name",
     "{Type: Parallel, Branches: [{StartAt: P, States: {P: {Type: Pass, Assign: {v: 1}, End: true}}}, {StartAt: Q, States: {Q: {Type: Pass, Assign: {v: 2}, End: true}}}]}",
     "ok", "S"),
]

# --- 7. Retry and Catch -------------------------------------------------------------------------------------------------------

HANDLERS: list[Row] = [
    ("Retry and Catch may be empty", "{Type: Task, Retry: [], Catch: []}", "ok", "A"),
    ("Retry is an array", "{Type: Task, Retry: {ErrorEquals: [E]}}", "error: wrong-type /Retry", "S"),
    ("ErrorEquals is required in Retry", retry("MaxAttempts: 1"), "error: missing-field /Retry/0", "S"),
    ("ErrorEquals is required in Catch", "{Type: Task, Catch: [{Next: Done}]}", "error: missing-field /Catch/0", "S"),
    ("ErrorEquals may not be empty", retry("ErrorEquals: []"), "error: empty-value /Retry/0/ErrorEquals", "S"),
    ("ErrorEquals is an array", retry("ErrorEquals: E"), "error: wrong-type /Retry/0/ErrorEquals", "S"),
    ("ErrorEquals holds strings", retry("ErrorEquals: [404]"), "error: wrong-type /Retry/0/ErrorEquals/0", "S"),
    *((f"{field} of {value}", retry(f"ErrorEquals: [E], {field}: {value}"), "ok", "S, D")
      for field, value in (("IntervalSeconds", 1), ("IntervalSeconds", 99999999), ("MaxAttempts", 0), ("MaxAttempts", 99999999), ("BackoffRate", 1), ("BackoffRate", 1.5),
                           ("MaxDelaySeconds", 1), ("MaxDelaySeconds", 31622399), ("JitterStrategy", "FULL"), ("JitterStrategy", "NONE"), ("Comment", "c"))),
    *((f"{field} of {value}", retry(f"ErrorEquals: [E], {field}: {value}"), f"error: value-out-of-range /Retry/0/{field}", "S, D")
      for field, value in (("IntervalSeconds", 0), ("IntervalSeconds", 100000000), ("MaxAttempts", -1), ("MaxAttempts", 100000000), ("BackoffRate", 0.99),
                           ("MaxDelaySeconds", 0), ("MaxDelaySeconds", 31622400))),
    *((f"{field} of {value}", retry(f"ErrorEquals: [E], {field}: {value}"), f"error: wrong-type /Retry/0/{field}", "S")
      for field, value in (("IntervalSeconds", 1.5), ("IntervalSeconds", "'1'"), ("MaxAttempts", 1.5), ("BackoffRate", "'2'"), ("MaxDelaySeconds", 1.5), ("Comment", 1))),
    ("there are two strategies", retry("ErrorEquals: [E], JitterStrategy: EQUAL"), "error: not-one-of /Retry/0/JitterStrategy", "D"),
    ("a longest delay below the first is not settled", retry("ErrorEquals: [E], IntervalSeconds: 9, MaxDelaySeconds: 5"),
     "warning: value-out-of-range /Retry/0/MaxDelaySeconds", "?"),
    ("a Catcher needs Next", "{Type: Task, Catch: [{ErrorEquals: [E]}]}", "error: missing-field /Catch/0", "S"),
    ("a Catcher with all that it may have",
     "{Type: Task, Catch: [{ErrorEquals: [E], ResultPath: $.e, Assign: {'a.$': $.Cause}, Comment: c, Next: Done}]}", "ok", "S, A"),
    ("States.ALL stands alone", retry("ErrorEquals: [States.ALL, E]"), "error: misplaced-states-all /Retry/0/ErrorEquals/0", "S"),
    ("States.ALL stands last in Retry", "{Type: Task, Retry: [{ErrorEquals: [States.ALL]}, {ErrorEquals: [E]}]}",
     "error: misplaced-states-all /Retry/0/ErrorEquals/0", "S"),
    ("States.ALL stands last in Catch", "{Type: Task, Catch: [{ErrorEquals: [States.ALL], Next: Done}, {ErrorEquals: [E], Next: Done}]}",
     "error: misplaced-states-all /Catch/0/ErrorEquals/0", "S"),
    ("States.ALL last", "{Type: Task, Retry: [{ErrorEquals: [E]}, {ErrorEquals: [States.ALL]}]}", "ok", "S"),
    ("a Retrier after an equal one is dead", "{Type: Task, Retry: [{ErrorEquals: [E]}, {ErrorEquals: [E]}]}", "warning: unreachable-handler /Retry/1", "S"),
    ("a Retrier after a wider one is dead", "{Type: Task, Retry: [{ErrorEquals: [States.TaskFailed]}, {ErrorEquals: [E]}]}", "warning: unreachable-handler /Retry/1", "D"),
    ("TaskFailed does not take Timeout", "{Type: Task, Retry: [{ErrorEquals: [States.TaskFailed]}, {ErrorEquals: [States.Timeout]}]}", "ok", "D"),
    ("a Retrier after a narrower one lives", "{Type: Task, Retry: [{ErrorEquals: [E]}, {ErrorEquals: [E, F]}]}", "ok", "S"),
    *((f"{name} is a name of the service", retry(f"ErrorEquals: [{name}]"), "ok", "S, D")
      for name in ("States.ALL", "States.BranchFailed", "States.DataLimitExceeded", "States.ExceedToleratedFailureThreshold", "States.HeartbeatTimeout", "States.Http.Socket",
                   "States.IntrinsicFailure", "States.ItemReaderFailed", "States.NoChoiceMatched", "States.ParameterPathFailure", "States.Permissions",
                   "States.QueryEvaluationError", "States.ResultPathMatchFailure", "States.ResultWriterFailed", "States.TaskFailed", "States.Timeout",
                   "States.Http.StatusCode.404")),
    ("States.Runtime is a name of the service that nothing catches", retry("ErrorEquals: [States.Runtime]"), "no error", "A"),
    ("other names in the prefix are no errors", retry("ErrorEquals: [States.QuorumMet]"), "warning: unknown-states-error /Retry/0/ErrorEquals/0", "O"),
    ("names of one's own are accepted", retry("ErrorEquals: [OrderLost, Lambda.Unknown, '']"), "no error", "A"),
    ("names are case-sensitive: probably meant as the service's", retry("ErrorEquals: [states.all]"), "noticed /Retry/0/ErrorEquals/0", "S"),
]

# --- 9. Resource --------------------------------------------------------------------------------------------------------------

RESOURCE: list[Row] = [
    *((f"{arn} can be called", call(arn), "ok", "S, A, D") for arn in (
        "arn:aws:lambda:eu-west-1:123456789012:function:f", "arn:aws:lambda:eu-west-1:123456789012:function:f:live",
        "arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST", "arn:aws-cn:lambda:cn-north-1:123456789012:function:f",
        "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f:7", "arn:aws-iso-b:lambda:us-isob-east-1:123456789012:function:f",
        "arn:aws:states:eu-west-1:123456789012:activity:a", "arn:aws:states:::lambda:invoke", "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "arn:aws:states:::dynamodb:getItem", "arn:aws:states:::ecs:runTask.sync", "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::sns:publish.waitForTaskToken", "arn:aws:states:::http:invoke", "arn:aws:states:::aws-sdk:dynamodb:query",
        "arn:aws-us-gov:states:::aws-sdk:dynamodb:query.waitForTaskToken", "arn:aws:states:::glue:startJobRun.sync")),
    *((f"{arn or 'nothing'} cannot be called", call(arn), "error: invalid-resource /Resource", "A") for arn in (
        "", "check-order", "$.resource", "arn:aws:states:::dynamodb:query", "arn:aws:states:::lambda:Invoke", "arn:aws:states:::lambda",
        "arn:aws:states:::dynamodb:getItem.sync", "arn:aws:states:::ecs:runTask.sync:2", "arn:aws:states:::sns:publish.wait",
        "arn:aws:states:::aws-sdk:dynamodb:query.sync", "arn:aws:sqs:eu-west-1:123456789012:q", "arn:aws:states:eu-west-1:123456789012:stateMachine:m",
        "arn:aws:lambda:eu-west-1:123456789012:layer:l", "ARN:aws:states:::lambda:invoke", " arn:aws:states:::lambda:invoke", "arn:amazon:states:::lambda:invoke")),
    ("an activity has a name", call("arn:aws:states:eu-west-1:123456789012:activity:"), "noticed /Resource", "S"),
    ("a service newer than the table is no error", call("arn:aws:states:::newservice:run"), "warning: invalid-resource /Resource", "A"),
    ("an SDK call with a region is no error", call("arn:aws:states:eu-west-1:123456789012:aws-sdk:dynamodb:query"), "warning: invalid-resource /Resource", "O"),
    ("an SDK action is written in camelCase", call("arn:aws:states:::aws-sdk:dynamodb:Query"), "noticed /Resource", "D"),
    *((f"{arn} is left to the deployment", call(arn), "ok", "S") for arn in (
        "${FunctionArn}", "arn:${AWS::Partition}:states:::lambda:invoke", "{{resolve:ssm:/function}}", "arn:aws:lambda:${Region}:${Account}:function:${Name}",
        "arn:aws:states:::dynamodb:${Action}", "arn:aws:states:::${Service}:invoke", "arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}")),
    ("an HTTP call needs ApiEndpoint and Method",
     "{Type: Task, Resource: 'arn:aws:states:::http:invoke', Parameters: {Authentication: {ConnectionArn: 'arn:aws:events:eu-west-1:123456789012:connection/c/1'}}}",
     "noticed /Parameters", "D"),
]

FILLED_IN: list[Row] = [
    *((f"{text} may be filled in", text, "ok", "D") for text in (
        "{Type: Task, Retry: [{'Fn::If': [IsProduction, 1, 2]}]}", "{Type: Task, Catch: [{'Fn::If': [IsProduction, 1, 2]}]}",
        "{Type: Parallel, Branches: [{'Fn::If': [IsProduction, 1, 2]}]}", "{Type: Choice, Choices: [{'Fn::If': [IsProduction, 1, 2]}], Default: Done}",
        "{StartAt: X, States: {X: {'Fn::If': [IsProduction, 1, 2]}}}", "{StartAt: X, States: {'Fn::Transform': {Name: Include}}}")),
    *((f"{text} is filled in as a whole", text, "ok", "D") for text in (
        "{Type: Task, Retry: {'Fn::If': [IsProduction, 1, 2]}}", "{Type: Task, Retry: [{ErrorEquals: [{Ref: Error}], MaxAttempts: {Ref: Attempts}}]}",
        "{Type: Task, Resource: {'Fn::GetAtt': [Function, Arn]}, TimeoutSeconds: {Ref: Timeout}}", "{Type: Parallel, Branches: {'Fn::If': [a, b, c]}}",
        "{Type: Wait, Seconds: '${Seconds}'}", "{Type: Wait, Timestamp: '${Date}T00:00:00Z'}", "{Type: Pass, '${Field}': 1}")),
    ("a path that is filled in", "{Type: Pass, Parameters: {'a.$': {Ref: Path}}}", "ok", "D"),
    ("a machine's language that is filled in", "{QueryLanguage: '${Language}', StartAt: X, States: {X: {Type: Pass, Output: 1, End: true}}}", "ok", "D"),
    ("a state's language that is filled in", "{Type: Pass, QueryLanguage: '${Language}', Output: 1}", "ok", "D"),
    ("a state's language that is a Ref", "{Type: Pass, QueryLanguage: {Ref: Language}, Output: 1}", "ok", "D"),
    ("a type that is filled in", "{Type: '${Type}', End: true, Seconds: 5}", "ok", "D"),
    ("a target that may be the name that is filled in", "{StartAt: Pay, States: {'${Name}': {Type: Succeed}}}", "no error", "D"),
    *((f"{what} that are filled in may lead anywhere", f"{{StartAt: X, States: {{X: {{{state}}}, Y: {{Type: Succeed}}, Z: {{Type: Succeed}}}}}}", "no error", "D") for what, state in (
        ("Choices", "Type: Choice, Choices: '${Rules}', Default: Y"), ("Choices by Fn::If", "Type: Choice, Choices: {'Fn::If': [a, b, c]}, Default: Y"),
        ("rules", "Type: Choice, Choices: ['${Rule}'], Default: Y"), ("Catchers", "Type: Task, Resource: '${R}', Catch: ['${Catcher}'], Next: Y"),
        ("Catch", "Type: Task, Resource: '${R}', Catch: '${Catch}', Next: Y"), ("Next by Ref", "Type: Pass, Next: {Ref: Next}"))),
    ("a ProcessorConfig that is filled in may say DISTRIBUTED",
     "{Type: Map, ItemProcessor: {ProcessorConfig: {Ref: C}, StartAt: P, States: {P: {Type: Succeed}}}, ItemBatcher: {MaxItemsPerBatch: 1}}", "no error", "D"),
    ("a field whose name is filled in may be the one that is missing", "{Type: Pass, '${Transition}': Done, End: false}", "no error", "D"),
    ("a state whose name is filled in may be the one that is led to",
     "{StartAt: X, States: {X: {Type: Pass, Next: Pay}, 'P${Name}': {Type: Succeed}}}", "no error", "D"),
    ("a target that is filled in", "{StartAt: X, States: {X: {Type: Pass, Next: '${Next}'}, Y: {Type: Succeed}}}", "ok", "D"),
    ("a start that is filled in", "{StartAt: '${Start}', States: {X: {Type: Succeed}, Y: {Type: Succeed}}}", "ok", "D"),
    ("a name that is filled in", "{StartAt: X, States: {X: {Type: Pass, Next: 'Wait for ${Name}'}, 'Wait for ${Name}': {Type: Succeed}}}", "ok", "D"),
]

EXPRESS: list[Row] = [
    (".sync is not for Express", call("arn:aws:states:::states:startExecution.sync"), "error: unsupported-by-express /Resource", "A"),
    (".sync:2 is not for Express", call("arn:aws:states:::states:startExecution.sync:2"), "error: unsupported-by-express /Resource", "A"),
    ("callbacks are not for Express", call("arn:aws:states:::sqs:sendMessage.waitForTaskToken"), "error: unsupported-by-express /Resource", "A"),
    ("callbacks by the SDK neither", call("arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken"), "error: unsupported-by-express /Resource", "A"),
    ("activities are not for Express", call("arn:aws:states:eu-west-1:123456789012:activity:a"), "error: unsupported-by-express /Resource", "A"),
    ("distributed Maps are not for Express", f"{{{D_MAP}}}", "error: unsupported-by-express /ItemProcessor/ProcessorConfig/Mode", "D"),
    ("request and response are", call("arn:aws:states:::sqs:sendMessage"), "ok", "A"),
    ("inline Maps are", "{Type: Map}", "ok", "D"),
]

TABLES: Mapping[str, list[Row]] = {
    "language": LANGUAGE, "read": READ, "machine": MACHINE, "states": STATES, "map": MAP, "input-output": INPUT_OUTPUT, "handlers": HANDLERS,
    "resource": RESOURCE, "filled-in": FILLED_IN, "express": EXPRESS,
}

# --- 4. which field stands in which object ------------------------------------------------------------------------------------

_FLOW = "Next End"
_DATA = "InputPath OutputPath ResultPath"
FIELDS: Mapping[str, tuple[str, str, str]] = {
    # object: fields of both languages, of JSONPath alone, of JSONata alone
    "Task": (f"{_FLOW} Assign Retry Catch Resource TimeoutSeconds HeartbeatSeconds Credentials",
             f"{_DATA} Parameters ResultSelector TimeoutSecondsPath HeartbeatSecondsPath", "Arguments Output"),
    "Parallel": (f"{_FLOW} Assign Retry Catch Branches", f"{_DATA} Parameters ResultSelector", "Arguments Output"),
    "Map": (f"{_FLOW} Assign Retry Catch ItemProcessor Iterator ItemSelector MaxConcurrency ToleratedFailureCount ToleratedFailurePercentage Label ItemReader "
            "ItemBatcher ResultWriter",
            f"{_DATA} Parameters ResultSelector ItemsPath MaxConcurrencyPath ToleratedFailureCountPath ToleratedFailurePercentagePath", "Items Output"),
    "Pass": (f"{_FLOW} Assign", f"{_DATA} Parameters Result", "Output"),
    "Wait": (f"{_FLOW} Assign Seconds Timestamp", "InputPath OutputPath SecondsPath TimestampPath", "Output"),
    "Choice": ("Assign Choices Default", "InputPath OutputPath", "Output"),
    "Succeed": ("", "InputPath OutputPath", "Output"),
    "Fail": ("Error Cause", "ErrorPath CausePath", ""),
    "Retrier": ("ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy", "", ""),
    "Catcher": ("ErrorEquals Next Assign", "ResultPath", "Output"),
    "ChoiceRule": ("Next Assign", "Variable And Or Not StringEquals StringEqualsPath NumericLessThan IsNull StringMatches", "Condition Output"),
    "ItemReader": ("Resource ReaderConfig", "Parameters", "Arguments"),
    "ReaderConfig": ("InputType Transformation ManifestType CSVDelimiter CSVHeaderLocation CSVHeaders ItemsPointer MaxItems", "MaxItemsPath", ""),
    "ItemBatcher": ("MaxItemsPerBatch MaxInputBytesPerBatch BatchInput", "MaxItemsPerBatchPath MaxInputBytesPerBatchPath", ""),
    "ResultWriter": ("Resource WriterConfig", "Parameters", "Arguments"),
    "WriterConfig": ("OutputType Transformation", "", ""),
    "ProcessorConfig": ("Mode ExecutionType", "", ""),
    "Processor": ("StartAt States ProcessorConfig", "", ""),
    "Branch": ("StartAt States", "", ""),
}
COMMENTED = ("Task", "Parallel", "Map", "Pass", "Wait", "Choice", "Succeed", "Fail", "Retrier", "Catcher", "ChoiceRule", "Processor", "Branch")
UNSETTLED = {("Processor", "TimeoutSeconds"), ("Branch", "TimeoutSeconds"), ("Processor", "Version"), ("Branch", "Version")}
ALL_FIELDS = sorted({name for row in FIELDS.values() for part in row for name in part.split()} | {"Comment", "Version", "Zzyzx"})

# --- which JSON types a field takes -------------------------------------------------------------------------------------------

# n null, b boolean, i integer, f fraction, s string, x expression, a array, o object; in JSONPath / in JSONata ("-": not its field)
TYPES: Mapping[str, tuple[str, str]] = {
    "Task.Comment": ("sx", "sx"), "Task.Resource": ("s", "s"), "Task.TimeoutSeconds": ("i", "ix"), "Task.HeartbeatSeconds": ("i", "ix"),
    "Task.TimeoutSecondsPath": ("s", "-"), "Task.Credentials": ("o", "o"), "Task.Parameters": ("nbifsxao", "-"), "Task.ResultSelector": ("o", "-"),
    "Task.Arguments": ("-", "ox"), "Task.Output": ("-", "nbifsxao"), "Task.Assign": ("o", "o"), "Task.Retry": ("a", "a"), "Task.Catch": ("a", "a"),
    "Task.InputPath": ("ns", "-"), "Task.OutputPath": ("ns", "-"), "Task.ResultPath": ("ns", "-"),
    "Pass.Result": ("nbifsxao", "-"), "Pass.Parameters": ("nbifsxao", "-"), "Pass.End": ("b", "b"),
    "Wait.Seconds": ("i", "ix"), "Wait.Timestamp": ("s", "sx"), "Wait.SecondsPath": ("s", "-"), "Wait.TimestampPath": ("s", "-"),
    "Choice.Choices": ("a", "a"), "Succeed.Output": ("-", "nbifsxao"),
    "Fail.Error": ("sx", "sx"), "Fail.Cause": ("sx", "sx"), "Fail.ErrorPath": ("s", "-"), "Fail.CausePath": ("s", "-"),
    "Parallel.Branches": ("a", "a"), "Parallel.Arguments": ("-", "ox"),
    "Map.ItemProcessor": ("o", "o"), "Map.ItemSelector": ("o", "nbifsxao"), "Map.Items": ("-", "aox"), "Map.ItemsPath": ("s", "-"),
    "Map.MaxConcurrency": ("i", "ix"), "Map.MaxConcurrencyPath": ("s", "-"), "Map.ToleratedFailureCount": ("i", "ix"),
    "Map.ToleratedFailurePercentage": ("if", "ifx"), "Map.Label": ("s", "s"), "Map.ItemReader": ("o", "o"), "Map.ItemBatcher": ("o", "o"),
    "Map.ResultWriter": ("o", "o"),
    "Retrier.ErrorEquals": ("a", "a"), "Retrier.IntervalSeconds": ("i", "i"), "Retrier.MaxAttempts": ("i", "i"), "Retrier.BackoffRate": ("if", "if"),
    "Retrier.MaxDelaySeconds": ("i", "i"), "Retrier.JitterStrategy": ("s", "s"), "Retrier.Comment": ("sx", "sx"),
    "Catcher.ErrorEquals": ("a", "a"), "Catcher.ResultPath": ("ns", "-"), "Catcher.Output": ("-", "nbifsxao"), "Catcher.Assign": ("o", "o"),
    "ChoiceRule.Condition": ("-", "bx"), "ChoiceRule.Variable": ("s", "-"), "ChoiceRule.StringEquals": ("sx", "-"), "ChoiceRule.NumericLessThan": ("if", "-"),
    "ChoiceRule.IsNull": ("b", "-"), "ChoiceRule.StringEqualsPath": ("s", "-"), "ChoiceRule.And": ("a", "-"), "ChoiceRule.Not": ("o", "-"),
    "ItemReader.Resource": ("s", "s"), "ItemReader.Parameters": ("o", "-"), "ItemReader.Arguments": ("-", "ox"), "ItemReader.ReaderConfig": ("o", "o"),
    "ReaderConfig.InputType": ("s", "s"), "ReaderConfig.CSVHeaders": ("a", "a"), "ReaderConfig.MaxItems": ("i", "ix"), "ReaderConfig.MaxItemsPath": ("s", "-"),
    "ItemBatcher.MaxItemsPerBatch": ("i", "ix"), "ItemBatcher.MaxInputBytesPerBatch": ("i", "ix"), "ItemBatcher.BatchInput": ("o", "nbifsxao"),
    "ResultWriter.Resource": ("s", "s"), "ResultWriter.Parameters": ("o", "-"), "ResultWriter.Arguments": ("-", "ox"), "ResultWriter.WriterConfig": ("o", "o"),
    "WriterConfig.OutputType": ("s", "s"), "ProcessorConfig.Mode": ("s", "s"), "Processor.ProcessorConfig": ("o", "o"),
    "Processor.Comment": ("sx", "sx"), "Branch.Comment": ("sx", "sx"), "Branch.States": ("o", "o"),
}
TYPES_NOT_SETTLED = {"Task.Parameters", "Pass.Parameters", "Task.Arguments", "Parallel.Arguments", "Map.Items", "Map.ItemSelector", "ItemBatcher.BatchInput"}
"""Fields of which it is not known that the service refuses other types: at most a warning."""
# fmt: on

VALUES: Mapping[str, Any] = {
    "n": None,
    "b": True,
    "i": 7,
    "f": 2.5,
    "s": "text",
    "x": "{% $states.input.a %}",
    "a": ["text"],
    "o": {"k": 1},
}
PLACEHOLDERS: Mapping[str, Any] = {
    "a string that is one": "${Value}",
    "a dynamic reference": "{{resolve:ssm:/value}}",
    "Ref": {"Ref": "Value"},
    "Fn::GetAtt": {"Fn::GetAtt": ["Value", "Arn"]},
    "unquoted": "<unquoted>",
}
_PROCESSOR: Mapping[str, Any] = {"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}
_DISTRIBUTED: Mapping[str, Any] = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **_PROCESSOR}
SAMPLES: Mapping[str, Any] = {
    "Next": "Done",
    "End": True,
    "Assign": {"a": 1},
    "Retry": [],
    "Catch": [],
    "Resource": INVOKE,
    "Credentials": {"RoleArn": "arn:aws:iam::123456789012:role/r"},
    "Branches": [_PROCESSOR],
    "ItemProcessor": _PROCESSOR,
    "Iterator": _PROCESSOR,
    "ItemSelector": {"a": 1},
    "Label": "label",
    "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2"},
    "ItemBatcher": {"MaxItemsPerBatch": 1},
    "ResultWriter": {"WriterConfig": {"OutputType": "JSON", "Transformation": "NONE"}},
    "Timestamp": "2026-03-14T01:59:00Z",
    "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "Done"}],
    "Default": "Done",
    "ErrorEquals": ["E"],
    "JitterStrategy": "FULL",
    "And": [{"Variable": "$.a", "IsNull": True}],
    "Or": [{"Variable": "$.a", "IsNull": True}],
    "Not": {"Variable": "$.a", "IsNull": True},
    "IsNull": True,
    "Condition": True,
    "Parameters": {"a": 1},
    "Arguments": {"a": 1},
    "ResultSelector": {"a": 1},
    "Items": [1],
    "ReaderConfig": {"InputType": "JSON"},
    "InputType": "JSON",
    "Transformation": "NONE",
    "ManifestType": "S3_INVENTORY",
    "CSVDelimiter": "TAB",
    "CSVHeaderLocation": "FIRST_ROW",
    "CSVHeaders": ["a"],
    "ItemsPointer": "/a",
    "BatchInput": {"a": 1},
    "WriterConfig": {"OutputType": "JSON", "Transformation": "NONE"},
    "OutputType": "JSON",
    "Mode": "DISTRIBUTED",
    "ExecutionType": "EXPRESS",
    "ProcessorConfig": {"Mode": "INLINE"},
    "StartAt": "P",
    "States": {"P": {"Type": "Succeed"}},
}
"""A value that is right for the field; where none stands, 7, or ``$.a`` for a field that ends in Path."""
GROUPS = (
    {"Next", "End"},
    {"Seconds", "Timestamp", "SecondsPath", "TimestampPath"},
    {"ItemProcessor", "Iterator"},
    {"Variable", "IsNull", "StringEquals", "StringEqualsPath", "NumericLessThan", "StringMatches", "And", "Or", "Not"},
    {"MaxItemsPerBatch", "MaxItemsPerBatchPath"},
    {"MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"},
)
"""Fields that exclude each other: to try one, the others are taken out."""


# --- the machines around the rows ---------------------------------------------------------------------------------------------


class Expectation(NamedTuple):
    """``judge`` is ``exactly``, ``no error`` or ``noticed``; ``found`` the findings (severity, rule, pointer), or the pointer."""

    judge: str
    found: tuple[tuple[str, str, str], ...]


def expectation(text: str, at: str, scope: str) -> Expectation:
    """What a row expects, its pointers made whole: ``at`` leads to the state, ``scope`` to the object that holds its States."""

    def whole(pointer: str) -> str:
        return scope + pointer[1:] if pointer.startswith("^") else at + pointer

    if text == "ok":
        return Expectation("exactly", ())
    if text == "no error":
        return Expectation("no error", ())
    if text.startswith("noticed"):
        return Expectation("noticed", (("", "", whole(text.removeprefix("noticed").strip())),))
    found = []
    for one in text.split("; "):
        severity, _, rest = one.partition(": ")
        name, _, pointer = rest.partition(" ")
        found.append((severity, name, whole(pointer)))
    return Expectation("exactly", tuple(sorted(found)))


@cache
def parsed(text: str) -> str:
    """The YAML of a row as JSON text, so that each use gets a value of its own."""
    return json.dumps(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def completed(state: dict[str, Any]) -> dict[str, Any]:
    """The state with what it needs to be whole."""
    kind = state.get("Type")
    state = dict(state)
    distributed = state.pop("distributed", False)
    if kind in ("Task", "Pass", "Wait", "Parallel", "Map") and not {"Next", "End"} & state.keys():
        state["End"] = True
    if kind == "Task":
        state.setdefault("Resource", INVOKE)
        if str(state["Resource"]).endswith(".waitForTaskToken") and state.get("QueryLanguage") != "JSONata":
            state.setdefault("Parameters", {"Payload": {"token.$": "$$.Task.Token"}})
    if kind == "Parallel":
        state.setdefault("Branches", [_PROCESSOR])
    if kind == "Map" and not {"ItemProcessor", "Iterator"} & state.keys():
        state["ItemProcessor"] = _DISTRIBUTED if distributed else _PROCESSOR
    if kind == "Wait" and not {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"} & state.keys():
        state["Seconds"] = 1
    if kind == "Choice" and "Choices" not in state:
        test = {"Condition": True} if state.get("QueryLanguage") == "JSONata" else {"Variable": "$.a", "IsPresent": True}
        state["Choices"] = [{**test, "Next": "Done"}]
    return state


def scope_of(state: dict[str, Any]) -> dict[str, Any]:
    """A scope that begins with the state, named X."""
    states = {"X": completed(state)}
    if '"Done"' in json.dumps(states) or "'Done'" in json.dumps(states):
        states["Done"] = {"Type": "Succeed"}
    return {"StartAt": "X", "States": states}


def is_state(value: Any) -> bool:
    return isinstance(value, dict) and "Type" in value and "States" not in value and "StartAt" not in value


AROUND = ("alone", "in a Parallel in a Map, in YAML")


def machine_of(text: str, around: str) -> tuple[Any, str, str]:
    """A row's machine, and the pointers to the row's state and to the object that holds its States."""
    value = json.loads(parsed(text))
    if not is_state(value):
        return value, "", ""
    scope = scope_of(value)
    if around != "alone":
        parallel = {"Type": "Parallel", "Branches": [scope], "End": True}
        outer = {"Type": "Map", "ItemProcessor": {"StartAt": "Inner", "States": {"Inner": parallel}}, "End": True}
        at = "/States/Outer/ItemProcessor/States/Inner/Branches/0"
        return {"StartAt": "Outer", "States": {"Outer": outer}}, f"{at}/States/X", at
    return scope, "/States/X", ""


def judged(definition: Any, machine_type: Any = None, *, as_yaml: bool = False) -> list[Finding]:
    """All findings on a definition. Whatever the linter cannot do is a failure of the test."""
    text = yaml.safe_dump(definition, allow_unicode=True, sort_keys=False) if as_yaml else json.dumps(definition)
    text = text.replace('"<unquoted>"', "${Value}")
    report = check_text(text, name="a.asl.yaml" if as_yaml else "a.asl.json", machine_type=machine_type)
    assert not report.errors
    return list(report.findings)


def compare(findings: list[Finding], expected: Expectation) -> None:
    """Fails where the findings are not as the row says."""
    if expected.judge == "exactly":
        considered = [f for f in findings if f.category in JUDGED or f.rule in ALSO_JUDGED]
        right = sorted((f.severity, f.rule, f.pointer) for f in considered) == list(expected.found)
    elif expected.judge == "noticed":
        right = any(f.pointer == expected.found[0][2] for f in findings)
    else:
        right = not any(f.severity == "error" for f in findings)
    if not right:
        said = "\n".join(f"  {f.severity}: {f.rule} {f.pointer}: {f.message}" for f in findings) or "  nothing"
        pytest.fail(f"expected {expected.judge} {list(expected.found)}, found\n{said}", pytrace=False)


def rows() -> list[Any]:
    found = []
    for table, entries in TABLES.items():
        for fact, text, expected, _source, *wrong in entries:
            marks = [pytest.mark.xfail(strict=True, reason=wrong[0])] if wrong else []
            name = f"{table}: {fact}".encode("ascii", "replace").decode()
            found.append(pytest.param(text, expected, "express" if table == "express" else "standard", id=name, marks=marks))
    return found


@pytest.mark.parametrize(("text", "expected", "machine_type"), rows())
def test_a_fact_holds_on_both_sides_of_its_border(text: str, expected: str, machine_type: str) -> None:
    """A fault of a state is the same one wherever the state stands, and in whatever form it is written."""
    for around in AROUND:
        definition, at, scope = machine_of(text, around)
        findings = judged(definition, machine_type, as_yaml=around != "alone")
        compare(findings, expectation(expected, at, scope))


TEXTS = (
    pytest.param("", "error: syntax-error ", id="an empty text"),
    pytest.param(" ", "error: syntax-error ", id="blanks"),
    pytest.param('" "', "error: wrong-type ", id="a string"),
    pytest.param("null", "error: wrong-type ", id="null"),
    pytest.param(
        "not json",
        "error: syntax-error ",
        id="no JSON",
    ),
    pytest.param(
        '{"StartAt": "X", "States": {"X": {"Type": "Choice", "Choices": ${Rules}}, "Y": {"Type": "Succeed"}}}',
        "ok",
        id="rules that are filled in without quotes",
    ),
    pytest.param(
        '{"StartAt": "X", "States": {"X": {"Type": "Wait", "Seconds": ${Seconds}, "Retry": [], "End": true}}}',
        "error: unknown-field /States/X/Retry",
        id="a number that is filled in without quotes",
    ),
)


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_text_is_told_once(text: str, expected: str) -> None:
    compare(list(check_text(text, name="a.asl.json").findings), expectation(expected, "", ""))


def test_a_definition_has_up_to_1048576_characters() -> None:
    definition = json.dumps({"StartAt": "X", "States": {"X": {"Type": "Succeed"}}})
    longest = definition + " " * (1_048_576 - len(definition))
    compare(list(check_text(longest, name="a.asl.json").findings), Expectation("exactly", ()))
    compare(list(check_text(longest + " ", name="a.asl.json").findings), expectation("error: definition-too-large ", "", ""))


def test_every_source_is_one_that_is_known() -> None:
    known = {"S", "D", "A", "O", "F", "T", "B", "L", "?"}
    for entries in TABLES.values():
        for row in entries:
            assert 4 <= len(row) <= 5
            assert set(row[3].split(", ")) <= known, row


def test_every_finding_of_the_rows_stands_on_what_its_pointer_names() -> None:
    """The span of a finding lies in the key or the value at its pointer."""
    for entries in TABLES.values():
        for fact, text, *_rest in entries:
            definition, _, _ = machine_of(text, "alone")
            content = json.dumps(definition, indent=1)
            document = read_document(content, "a.asl.json")
            for finding in check_text(content, name="a.asl.json").findings:
                node = document.node(pointer_of(finding.pointer, definition))
                span = finding.span
                places = [place for place in (node.key, node.value) if place is not None]
                assert span.start.offset <= span.end.offset, (fact, finding)
                assert any(p.start <= span.start.offset and span.end.offset <= p.end for p in places), (fact, finding)


WORDING = (
    # a state, the pointer of a finding on it, and what its message and its help have to say between them
    ("{Type: Wait, Seconds: '5'}", "/Seconds", ("Seconds", '"5"', "integer", "without quotes"), ""),
    ("{Type: Wait, Seconds: 100000000}", "/Seconds", ("Seconds", "100000000", "99,999,999"), ""),
    ("{Type: Pass, Coment: c}", "/Coment", ('"Coment"', "Pass", '"Comment"'), ""),
    ("{Type: Pass, ItemsPath: $.a}", "/ItemsPath", ('"ItemsPath"', "Pass", "Map"), ""),
    ("{Type: Pass, Output: 1}", "/Output", ('"Output"', "JSONata", "JSONPath", "QueryLanguage"), ""),
    (
        "{Type: Task, Resource: 'arn:aws:states:::dynamodb:query'}",
        "/Resource",
        ("dynamodb:query", "getItem", "aws-sdk:dynamodb:query"),
        "",
    ),
    (
        "{Type: Choice, Choices: [{Variable: '$.a[*]', IsNull: true, Next: Done}]}",
        "/Choices/0/Variable",
        ("Variable", "$.a[*]", "*"),
        "",
    ),
    ("{Type: Task, Retry: [{ErrorEquals: E}]}", "/Retry/0/ErrorEquals", ("ErrorEquals", '"E"', "array", '["E"]'), ""),
    ("{Type: Task, Catch: [{ErrorEquals: [E], Output: 1, Next: Done}]}", "/Catch/0/Output", ("ResultPath",), ""),
    (
        "{Type: Choice, Choices: [{Variable: $.a, IsNull: true, Output: 1, Next: Done}]}",
        "/Choices/0/Output",
        ("QueryLanguage",),
        "",
    ),
    ("{Type: Wait, Seconds: '{% 5 %}'}", "/Seconds", ("QueryLanguage",), ""),
    (
        f"{{Type: Wait, {JA}, Seconds: ' {{% 5 %}}'}}",
        "/Seconds",
        ("not even a blank",),
        "",
    ),
    (f"{{Type: Pass, {JA}, Output: '{{% True %}}'}}", "/Output", ("write true",), ""),
    ("{StartAt: X, States: {X: {type: Pass, End: true}}}", "/States/X", ('"type"',), ""),
)


@pytest.mark.parametrize(
    ("text", "pointer", "words"),
    [
        pytest.param(text, pointer, words, id=text, marks=[pytest.mark.xfail(strict=True, reason=wrong)] if wrong else [])
        for text, pointer, words, wrong in WORDING
    ],
)
def test_a_message_names_the_field_quotes_the_value_and_says_what_would_be_right(
    text: str, pointer: str, words: tuple[str, ...]
) -> None:
    definition, at, _ = machine_of(text, "alone")
    found = [f for f in judged(definition) if f.pointer == at + pointer]
    said = " ".join(f"{f.message} {f.help or ''}" for f in found)
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    "text", ["{Type: Task, Catch: [{ErrorEquals: [E], Output: 1, Next: Done}]}", rule("Variable: $.a, IsNull: true, Output: 1")]
)
def test_no_field_is_proposed_that_the_object_does_not_have(text: str) -> None:
    definition, _, _ = machine_of(text, "alone")
    assert not [f for f in judged(definition) if "ResultSelector" in (f.help or "")]


def test_no_object_is_proposed_that_may_not_have_the_field() -> None:
    definition, _, _ = machine_of("{Type: Parallel, TimeoutSeconds: 5}", "alone")
    assert not [f for f in judged(definition) if "a branch" in (f.help or "")]


def pointer_of(text: str, value: Any) -> tuple[str | int, ...]:
    """An RFC 6901 pointer as keys and indices into the value."""
    parts: list[str | int] = []
    for part in text.split("/")[1:]:
        key: str | int = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            key = int(key)
        parts.append(key)
        value = value[key]
    return tuple(parts)


# --- the sweeps ---------------------------------------------------------------------------------------------------------------


def sample(field: str, owner: str, language: str) -> Any:
    """A value that is right for the field where it belongs."""
    if owner == "ItemReader" and field == "Resource":
        return "arn:aws:states:::s3:listObjectsV2"
    if owner == "ResultWriter" and field == "Resource":
        return "arn:aws:states:::s3:putObject"
    if field == "Choices" and language == "JSONata":
        return [{"Condition": True, "Next": "Done"}]
    if field in SAMPLES:
        return SAMPLES[field]
    if field.endswith("Path") or field in ("Variable",):
        return "$.a"
    return "text" if field in ("Error", "Cause", "Comment", "StringEquals", "StringMatches") else 7


def base(owner: str, language: str) -> dict[str, Any]:
    """The smallest object of its kind that is right."""
    operation = "Parameters" if language == "JSONPath" else "Arguments"
    test: dict[str, Any] = {"Variable": "$.a", "IsNull": True} if language == "JSONPath" else {"Condition": True}
    bodies: Mapping[str, dict[str, Any]] = {
        "Retrier": {"ErrorEquals": ["E"]},
        "Catcher": {"ErrorEquals": ["E"], "Next": "Done"},
        "ChoiceRule": {**test, "Next": "Done"},
        "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", operation: {"Bucket": "b"}},
        "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
        "ItemBatcher": {"MaxItemsPerBatch": 1},
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", operation: {"Bucket": "b"}},
        "WriterConfig": {"OutputType": "JSON", "Transformation": "NONE"},
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "Processor": dict(_PROCESSOR),
        "Branch": dict(_PROCESSOR),
    }
    if owner in bodies:
        return bodies[owner]
    kind = {"Type": owner, "QueryLanguage": language}
    if owner == "Map":
        kind["ItemProcessor"] = _DISTRIBUTED
    return completed(kind)


def placed(owner: str, body: dict[str, Any], language: str) -> tuple[dict[str, Any], str]:
    """A machine around the object, in which all states are reached, and the pointer to the object."""
    state: dict[str, Any] = {"Type": "Map", "QueryLanguage": language, "ItemProcessor": _DISTRIBUTED}
    operation = "Parameters" if language == "JSONPath" else "Arguments"
    if owner in ("Retrier", "Catcher"):
        field = {"Retrier": "Retry", "Catcher": "Catch"}[owner]
        state, at = {"Type": "Task", "QueryLanguage": language, field: [body]}, f"/{field}/0"
    elif owner == "ChoiceRule":
        state, at = {"Type": "Choice", "QueryLanguage": language, "Choices": [body]}, "/Choices/0"
    elif owner == "ItemReader":
        state[owner], at = body, "/ItemReader"
    elif owner == "ReaderConfig":
        reads = {"Resource": "arn:aws:states:::s3:getObject", operation: {"Bucket": "b", "Key": "k"}, "ReaderConfig": body}
        state["ItemReader"], at = reads, "/ItemReader/ReaderConfig"
    elif owner in ("ItemBatcher", "ResultWriter"):
        state[owner], at = body, f"/{owner}"
    elif owner == "WriterConfig":
        state["ResultWriter"], at = {"WriterConfig": body}, "/ResultWriter/WriterConfig"
    elif owner == "ProcessorConfig":
        state["ItemProcessor"], at = {**_PROCESSOR, "ProcessorConfig": body}, "/ItemProcessor/ProcessorConfig"
    elif owner == "Processor":
        state["ItemProcessor"], at = body, "/ItemProcessor"
    elif owner == "Branch":
        state, at = {"Type": "Parallel", "QueryLanguage": language, "Branches": [body]}, "/Branches/0"
    else:
        state, at = body, ""
    start = {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "X"}], "Default": "Done"}
    states = {"Start": start, "X": state if not at else completed(state), "Done": {"Type": "Succeed"}}
    return {"StartAt": "Start", "States": states}, f"/States/X{at}"


def with_field(owner: str, field: str, value: Any, language: str) -> tuple[list[Finding], str]:
    """The findings on an object with one more field, and the pointer to that field."""
    body = base(owner, language)
    for group in GROUPS:
        if field in group and (field != "End" or owner in ("Task", "Parallel", "Map", "Pass", "Wait")):
            keep = {"Variable"} if field not in ("And", "Or", "Not", "Variable") else set()
            keep |= {"IsNull"} if field == "Variable" else set()
            body = {name: member for name, member in body.items() if name not in group - keep}
    if field == "CSVHeaders" and owner == "ReaderConfig":
        body["CSVHeaderLocation"] = "GIVEN"
    if field == "ManifestType":
        body.pop("InputType", None)
    body[field] = value
    definition, at = placed(owner, body, language)
    return judged(definition), f"{at}/{field}"


def cases_of_fields() -> list[Any]:
    cases = []
    for owner, (both, jsonpath, jsonata) in FIELDS.items():
        for language, own, other in (("JSONPath", jsonpath, jsonata), ("JSONata", jsonata, jsonpath)):
            own_names = {*both.split(), *own.split()}
            cases.append(pytest.param(owner, language, own_names, set(other.split()), id=f"{owner} in {language}"))
    return cases


@pytest.mark.parametrize(("owner", "language", "own", "other"), cases_of_fields())
def test_an_object_takes_its_fields_and_no_others(owner: str, language: str, own: set[str], other: set[str]) -> None:
    wrong = []
    for field in ALL_FIELDS:
        if (owner, field) in UNSETTLED:
            continue
        findings, at = with_field(owner, field, sample(field, owner, language), language)
        if field in own or (field == "Comment" and owner in COMMENTED):
            # What the call that it makes takes, and whether its paths lead to a value, are other matters.
            errors = [(f.rule, f.pointer) for f in findings if f.severity == "error" and f.category not in ("calls", "types")]
            expected: list[tuple[str, str]] = []
        else:
            errors = [(f.rule, f.pointer) for f in findings if f.category in JUDGED]
            expected = [("field-of-other-language" if field in other else "unknown-field", at)]
        if errors != expected:
            wrong.append((field, errors))
    assert not wrong


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize("where", TYPES)
def test_a_field_takes_its_types_and_no_others(where: str, language: str) -> None:
    owner, _, field = where.partition(".")
    types = TYPES[where][0 if language == "JSONPath" else 1]
    if types == "-":
        return
    wrong = []
    for letter, value in VALUES.items():
        accepted = letter in types
        chosen = sample(field, owner, language) if accepted and letter in "sao" else value
        findings, at = with_field(owner, field, chosen, language)
        findings = [f for f in findings if f.category in JUDGED and f.pointer.startswith(at)]
        found = [(f.severity, f.rule, f.pointer) for f in findings]
        if accepted or where in TYPES_NOT_SETTLED:
            right = not [f for f in findings if f.severity == "error"]
        elif letter in "sx" and "s" in types:  # a string, but not one that the field takes
            right = len(found) == 1 and found[0][0] == "error" and found[0][2] == at
        else:  # MaxItems of 2.5 was accepted, and then the run failed
            right = found in ([("error", "wrong-type", at)], [("error", "fails-at-run-time", at)])
        if not right:
            wrong.append((letter, found))
    assert not wrong


def cases_of_placeholders() -> list[Any]:
    """Each field in each language that has it, once with the placeholders that are strings and once with those that are objects."""
    cases = []
    for where, by_language in TYPES.items():
        for language, types in zip(("JSONPath", "JSONata"), by_language, strict=True):
            for kind in (str, dict):
                if types != "-":
                    cases.append(pytest.param(where, language, kind, id=f"{where} in {language}, {kind.__name__}"))
    return cases


@pytest.mark.parametrize(("where", "language", "kind"), cases_of_placeholders())
def test_what_the_deployment_fills_in_is_never_wrong(where: str, language: str, kind: type[Any]) -> None:
    owner, _, field = where.partition(".")
    for value in PLACEHOLDERS.values():
        if isinstance(value, kind):
            findings, _ = with_field(owner, field, value, language)
            compare(findings, Expectation("exactly", ()))


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize("where", TYPES)
def test_a_string_that_the_deployment_completes_is_not_wrong(where: str, language: str) -> None:
    owner, _, field = where.partition(".")
    if "s" in TYPES[where][0 if language == "JSONPath" else 1]:
        begins = "$.a." if field.endswith("Path") or field == "Variable" else "arn:aws:" if field == "Resource" else "a-"
        findings, _ = with_field(owner, field, begins + "${Value}", language)
        assert not [f for f in findings if f.category in JUDGED]


# --- what ran on the service --------------------------------------------------------------------------------------------------


def test_no_definition_that_ran_on_the_service_is_called_refused(corpus: Path) -> None:
    """Every recorded execution's definition was accepted. The recordings name the functions and activities that they made."""
    activity = "arn:aws:states:us-east-1:123456789012:activity:a"
    function = "arn:aws:lambda:us-east-1:123456789012:function:f"
    texts = []
    for line in (corpus / "recordings.jsonl").read_text(encoding="utf-8").split("\n"):
        if line:
            definition = json.loads(line)["definition"]
            texts.append(definition if isinstance(definition, str) else json.dumps(definition))
    for entry in manifest(corpus / "executions"):
        value = json.loads((corpus / "executions" / entry["file"]).read_text(encoding="utf-8"))
        if not is_state(value):  # tried alone, by TestState: its targets are not there
            texts.append(json.dumps(value))
    refused = []
    for text in dict.fromkeys(texts):
        text = text.replace("create_activity()[activityArn]", activity)
        text = text.replace("create_lambda_function()[CreateFunctionResponse][FunctionArn]", function)
        findings = check_text(text, name="a.asl.json").findings
        refused += [(f.rule, f.pointer, f.message) for f in findings if f.category == "conformance" and f.severity == "error"]
    assert len(texts) > 300
    assert not refused
