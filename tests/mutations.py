"""Definitions gone wrong: seeded mutations of a definition's values, and of its text.

Structural mutations keep the text well formed (a value moved, doubled, renamed, replaced by an odd one); textual ones do not.
"""

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

SEEDS: Final[tuple[dict[str, Any], ...]] = (
    {
        "Comment": "Every type of state, in JSONPath",
        "StartAt": "Read",
        "TimeoutSeconds": 60,
        "Version": "1.0",
        "States": {
            "Read": {
                "Type": "Task",
                "Resource": "arn:aws:states:::dynamodb:getItem",
                "Parameters": {"TableName": "orders", "Key": {"id": {"S.$": "States.Format('{}-{}', $.id, $$.Execution.Name)"}}},
                "ResultSelector": {"item.$": "$.Item"},
                "ResultPath": "$.read",
                "TimeoutSeconds": 10,
                "Retry": [
                    {"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1.5},
                    {"ErrorEquals": ["States.ALL"], "JitterStrategy": "FULL", "MaxDelaySeconds": 30},
                ],
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Stop"}],
                "Next": "Decide",
            },
            "Decide": {
                "Type": "Choice",
                "Choices": [
                    {
                        "And": [{"Variable": "$.n", "NumericGreaterThan": 3}, {"Variable": "$.s", "IsPresent": True}],
                        "Next": "All",
                    },
                    {"Not": {"Variable": "$.t", "TimestampLessThan": "2024-01-01T00:00:00Z"}, "Next": "Wait/a~b"},
                ],
                "Default": "Each",
            },
            "Wait/a~b": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "Each"},
            "All": {
                "Type": "Parallel",
                "Branches": [
                    {"StartAt": "Left", "States": {"Left": {"Type": "Pass", "Result": {"é": "ü\n\ud83d\ude00"}, "End": True}}},
                    {"StartAt": "Right", "States": {"Right": {"Type": "Wait", "Seconds": 1, "End": True}}},
                ],
                "Next": "Each",
            },
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "Label": "Items",
                "MaxConcurrency": 5,
                "ToleratedFailurePercentage": 10,
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:getObject",
                    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                    "Parameters": {"Bucket": "b", "Key.$": "$.key"},
                },
                "ItemBatcher": {"MaxItemsPerBatch": 10},
                "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}},
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Inner",
                    "States": {"Inner": {"Type": "Succeed"}},
                },
                "Next": "Done",
            },
            "Stop": {"Type": "Fail", "ErrorPath": "$.error.Error", "Cause": "asl-lint: ignore[wrong-type] this is data"},
            "Done": {"Type": "Succeed", "Comment": "asl-lint: ignore[unknown-field] kept for the old console"},
        },
    },
    {
        "QueryLanguage": "JSONata",
        "StartAt": "Set",
        "States": {
            "Set": {"Type": "Pass", "Assign": {"n": "{% $states.input.n + 1 %}"}, "Output": {}, "Next": "Call"},
            "Call": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Arguments": {"FunctionName": "${Function}", "Payload": {"token": "{% $states.context.Task.Token %}"}},
                "HeartbeatSeconds": "{% $n %}",
                "Retry": [{"ErrorEquals": ["Lambda.ServiceException"], "MaxAttempts": 6}],
                "Catch": [{"ErrorEquals": ["States.Timeout"], "Output": "{% $states.errorOutput %}", "Next": "Choose"}],
                "Next": "Choose",
            },
            "Choose": {"Type": "Choice", "Choices": [{"Condition": "{% $n > 3 %}", "Next": "Each"}], "Default": "End"},
            "Each": {
                "Type": "Map",
                "Items": "{% $states.input.items %}",
                "ItemSelector": {"value": "{% $states.context.Map.Item.Value %}"},
                "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Fail", "Error": "E", "Cause": "{% 'c' %}"}}},
                "End": True,
            },
            "End": {"Type": "Succeed", "Output": {"a": ["{% 1 %}", 2.5, None]}},
        },
    },
)
"""Two definitions that the linter finds nothing in, with one of nearly everything."""

ODD_STRINGS: Final = (
    "", " ", "$", "$.", "$$", "$$.", "$.a[", "$..a", "$.a[?(@.b==1)]", "$x", "$.a.$", "\x00", "\ud800", "a\udfff\ud83d",
    "\U0001f600" * 45, "{% %}", "{%%}", "{% $", "{% a", "a %}", "{% $states.input.(1/0) %}", "{% (((((((((( %}", "${X}", "${",
    "${X}y", "$${X}", "States.ALL", "States.Format('{}', $.a", "States.Array(States.Array(States.UUID()))", "States.",
    "States.MathAdd(1e999, 2)", "__proto__", "constructor", "a/b~c~0~1", "x" * 200, "line\nbreak\u2028\u0085", "\x1b[31mred",
    "'", '"', "\\", "<![CDATA[]]>", "%0A::error", "asl-lint: ignore[", "asl-lint: ignore[]", "asl-lint: ignore[,,]",
    "asl-lint: ignore[wrong-type, no-such-rule] why", "arn:aws:states:::", "arn:aws:lambda:::function:",
    "arn:aws:states:::lambda:invoke.sync:3", "2024-02-30T25:61:61Z", "-", "#", "&a", "*a",
)  # fmt: skip
ODD_VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 0.5, -0.0, 99_999_999, 10**30, -(10**400), 1e308, float("inf"), float("nan"), [], {}, [[]],
    [None], {"": None}, [{}], {"States": {}}, {"States": []}, {"StartAt": 1, "States": {"": 0}}, {"Type": "Task"}, {"Type": []},
    {"Variable": {}}, [[[[[[[[]]]]]]]], {"And": {}}, {"Not": []}, {"ErrorEquals": 1}, *ODD_STRINGS,
)  # fmt: skip
SNIPPETS: Final = (
    "{", "}", "[", "]", ",", ":", '"', "\\", "\\u", "\\ud83d", "null", "NaN", "-Infinity", "1e", "01", "0x1F", "'", "//", "/*",
    "#", "\n", "\r", "\t", "\ufeff", "\u2028", "\u0000", "\ud800", "${X}", "${", "True", "- ", "? ", "| ", ">-\n", "&a ", "*a",
    "<<: ", "!!binary ", "---\n", "...\n", "%YAML 1.1\n", '"a": ', "{{", "}}", "[[[[[[", "]]]]]]", "@", "`", "!Sub ", "é",
    "\U0001f600",
)  # fmt: skip


def mutated_value(definition: Any, random: random.Random, pool: Sequence[Any] = (), times: int = 1) -> Any:
    """A copy of a JSON value with some things moved, doubled, renamed or replaced; ``pool`` lends values from elsewhere."""
    root = [copy.deepcopy(definition)]
    for _ in range(times):
        places = list(_places(root))
        container, key = random.choice(places)
        value = container[key]
        other_container, other_key = random.choice(places)
        match random.randrange(9):
            case 0 if container is not root:
                del container[key]
            case 1:
                container[key] = copy.deepcopy(random.choice(ODD_VALUES))
            case 2:
                container[key] = copy.deepcopy(other_container[other_key])
            case 3 if isinstance(container, dict):
                name = random.choice([*ODD_STRINGS, *(k for c, k in places if isinstance(k, str))])
                renamed = {(name if k == key else k): v for k, v in container.items()}
                container.clear()
                container.update(renamed)
            case 4:
                container[key] = random.choice([[value], {"a": value}, [value, value], {"Not": value}])
            case 5 if isinstance(value, dict | list) and value:
                container[key] = random.choice(list(value.values()) if isinstance(value, dict) else value)
            case 6 if pool:
                lender = [random.choice(pool)]
                lent_container, lent_key = random.choice(list(_places(lender)))
                container[key] = copy.deepcopy(lent_container[lent_key])
            case 7 if isinstance(container, dict):
                container[random.choice([k for c, k in places if isinstance(k, str)] or ["Type"])] = copy.deepcopy(value)
            case _ if isinstance(container, list) and container is not root:
                container.insert(random.randrange(len(container) + 1), copy.deepcopy(value))
            case _:
                copied = copy.deepcopy(value)
                container[key] = copy.deepcopy(other_container[other_key])
                if isinstance(other_container, list) or other_key in other_container:
                    other_container[other_key] = copied
    return root[0]


def _places(root: list[Any]) -> Iterator[tuple[Any, Any]]:
    waiting: list[tuple[Any, Any]] = [(root, 0)]
    while waiting:
        container, key = waiting.pop()
        yield container, key
        value = container[key]
        if isinstance(value, dict):
            waiting += [(value, k) for k in value]
        elif isinstance(value, list):
            waiting += [(value, i) for i in range(len(value))]


def mutated_text(text: str, random: random.Random, times: int = 1) -> str:
    """The text with some stretches deleted, doubled, moved, cut off or overwritten."""
    for _ in range(times):
        a = random.randrange(len(text) + 1)
        b = min(len(text), a + int(random.expovariate(1 / 12)) + 1)
        match random.randrange(8):
            case 0 | 1:
                text = text[:a] + text[b:]
            case 2:
                text = text[:a] + random.choice(SNIPPETS) + text[b:]
            case 3 | 4:
                text = text[:a] + random.choice(SNIPPETS) + text[a:]
            case 5:
                text = text[:b] + text[a:b] * random.choice((1, 1, 1, 30)) + text[b:]
            case 6:
                c = random.randrange(len(text) + 1)
                text = text[:c] + text[a:b] + text[c:]
            case _ if random.random() < 0.3:
                text = text[:a]
            case _:
                structural = [i for i, c in enumerate(text) if c in '{}[]:,"']
                if structural:
                    at = random.choice(structural)
                    text = text[:at] + random.choice(["", text[at] * 2, random.choice('{}[]:,"')]) + text[at + 1 :]
    return text


def as_json(value: Any, random: random.Random) -> str:
    """A JSON text (with NaN and lone surrogates as they come), in one of the ways in which people lay it out."""
    return json.dumps(value, indent=random.choice((None, 2, 2, "\t")), ensure_ascii=random.random() < 0.5)


def as_yaml(value: Any, random: random.Random) -> str:
    """A YAML text of the value, in block or flow style. Raises ValueError where YAML cannot say it."""
    import yaml

    try:
        return yaml.safe_dump(value, default_flow_style=random.random() < 0.2, allow_unicode=True, sort_keys=False, width=60)
    except (yaml.YAMLError, UnicodeError) as error:
        raise ValueError(str(error)) from None
