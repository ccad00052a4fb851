"""The one table of fields: what Amazon States Language lets stand where.

A row per (object, field). From it come the JSON Schema, and through it the checks that run, the editor's completion and the
words of findings. Sources of a row: S the specification of 22 Nov 2024, D the developer guide, A recorded on the service,
F measured on the service by others, B the API's model. A row or constraint with ``sure=False`` never yields an error.
"""

from collections.abc import Mapping, Sequence

from asl_lint.late import Final
from asl_lint.model.field import LANGUAGES, Constraint, Field, Language, Object
from asl_lint.model.forms import END, PATH, REFERENCE_PATH, RESULT_PATH, RFC3339, STRING_PATH
from asl_lint.model.machine import STATE_TYPES

LONGEST: Final = 99_999_999
"""Seconds that a timeout or wait can last, attempts that a Retrier can make (D: state-task, state-wait, error handling)."""


def _text(name: str, doc: str, **more: object) -> Field:
    return Field(name, "text", doc, ("string",))._replace(**more)  # type: ignore[arg-type]


def _any(name: str, doc: str, language: Language | None, **more: object) -> Field:
    return Field(name, "payload", doc, (), language)._replace(**more)  # type: ignore[arg-type]


def _integer(name: str, doc: str, minimum: float, maximum: float | None = None, **more: object) -> Field:
    return Field(name, "number", doc, ("integer",), minimum=minimum, maximum=maximum)._replace(**more)  # type: ignore[arg-type]


def _reference(name: str, doc: str, **more: object) -> Field:
    field = Field(name, "reference-path", doc, ("string",), "JSONPath", pattern=REFERENCE_PATH)
    return field._replace(**more)  # type: ignore[arg-type]


# --- fields that several states share -------------------------------------------------------------------------------------

_COMMON: Final = (
    Field("Type", "name", "What kind of state this is.", ("string",), allowed=STATE_TYPES, required=True),
    _text("Comment", "A description for people."),
    Field("QueryLanguage", "name", "The query language of this state's own fields.", ("string",), allowed=LANGUAGES),
)
_FLOW: Final = (
    Field("Next", "state", "The state that runs after this one.", ("string",)),
    Field("End", "flag", "Whether the scope ends after this state.", ("boolean",)),
)
_NEXT_OR_END: Final = Constraint("exactly-one", ("Next", "End"))
_ASSIGN: Final = Field("Assign", "template", "Variables to set; they can be read from the next state on.", ("object",))
_OUTPUT: Final = _any("Output", "What the state passes on.", "JSONata")
_INPUT_PATH: Final = Field(
    "InputPath", "path", "Selects a part of the state's input; null for an empty object.", ("string", "null"), "JSONPath",
    pattern=PATH,
)  # fmt: skip
_OUTPUT_PATH: Final = _INPUT_PATH._replace(name="OutputPath", doc="Selects what is passed on; null for an empty object.")
_RESULT_PATH: Final = Field(
    "ResultPath", "reference-path", "Where in the input the result is put; null to discard it.", ("string", "null"), "JSONPath",
    pattern=RESULT_PATH,
)  # fmt: skip
_PARAMETERS: Final = Field("Parameters", "template", "A template of the data that the state works on.", (), "JSONPath")
_RESULT_SELECTOR: Final = Field("ResultSelector", "template", "A template over the result.", ("object",), "JSONPath")
_RETRY: Final = Field("Retry", "objects", "Which errors to retry, how often and how fast.", ("array",), of="Retrier")
_CATCH: Final = Field("Catch", "objects", "Where to go on an error that no retry has cured.", ("array",), of="Catcher")
_ARGUMENTS: Final = Field(
    "Arguments", "payload", "The data that the state sends; the state's input where absent.", ("object",), "JSONata",
    expression=True, sure=False, source="S says any JSON; others object or expression",
)  # fmt: skip
_DATA_FLOW: Final = (_INPUT_PATH, _OUTPUT_PATH, _RESULT_PATH)


def _seconds_pair(name: str, doc: str) -> tuple[Field, Field]:
    return (
        _integer(name, doc, 1, LONGEST, expression=True, source="S, D: state-task"),
        _reference(name + "Path", doc.rstrip(".") + ", read from the input."),
    )


# --- choice rules -----------------------------------------------------------------------------------------------------------

_ORDERINGS: Final = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")


def _operator(name: str, kind: str, operand: str, pattern: str | None = None, sure: bool = True) -> Field:
    return Field(name, "choice-operand", f"Compares as {kind}.", (operand,), "JSONPath", pattern=pattern, sure=sure)


_OPERATORS: Final = (
    *(_operator("String" + o, "strings", "string") for o in _ORDERINGS),
    *(_operator("Numeric" + o, "numbers", "number") for o in _ORDERINGS),
    *(_operator("Timestamp" + o, "timestamps", "string", f"^{RFC3339}{END}", sure=False) for o in _ORDERINGS),
    _operator("BooleanEquals", "booleans", "boolean"),
    _operator("StringMatches", "strings, with * for any characters", "string"),
    *(_operator("Is" + o, "kinds of value", "boolean") for o in ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp")),
    *(
        Field(f + o + "Path", "path", "Compares with the value at a path.", ("string",), "JSONPath", pattern=PATH)
        for f in ("String", "Numeric", "Timestamp")
        for o in _ORDERINGS
    ),
    Field("BooleanEqualsPath", "path", "Compares with the value at a path.", ("string",), "JSONPath", pattern=PATH),
)
OPERATORS: Final = tuple(field.name for field in _OPERATORS)
"""The 39 comparison operators of a JSONPath choice rule (S: Choice State)."""
_LOGIC: Final = (
    Field("And", "objects", "Holds if all of these rules hold.", ("array",), "JSONPath", of="NestedRule", min_size=1),
    Field("Or", "objects", "Holds if one of these rules holds.", ("array",), "JSONPath", of="NestedRule", min_size=1),
    Field("Not", "object", "Holds if this rule does not.", ("object",), "JSONPath", of="NestedRule"),
)
_VARIABLE: Final = _reference("Variable", "The path of the value to compare.", source="S; A: reference path")
_ONE_TEST: Final = (
    Constraint("exactly-one", ("And", "Or", "Not", *OPERATORS), language="JSONPath"),
    *(Constraint("needs", (operator, "Variable"), language="JSONPath") for operator in OPERATORS),
    *(Constraint("at-most-one", (logic, "Variable"), language="JSONPath") for logic in ("And", "Or", "Not")),
)


# --- maps -------------------------------------------------------------------------------------------------------------------


def _tolerated(name: str, maximum: float | None, number: str) -> tuple[Field, Field]:
    doc = "How much may fail before the Map fails."
    return (
        Field(name, "number", doc, (number,), minimum=0, maximum=maximum, expression=True, source="S, D, A"),
        _reference(name + "Path", doc),
    )


def _resource_call(*fields: Field) -> tuple[Field, ...]:
    return (
        *fields,
        Field("Parameters", "template", "The call's parameters.", ("object",), "JSONPath"),
        Field("Arguments", "payload", "The call's arguments.", ("object",), "JSONata", expression=True),
    )


_PARTITION: Final = r"(?:aws[a-z-]*|\$\{[^}]*\})"

_SCOPE: Final = (
    Field("StartAt", "state", "The state that runs first.", ("string",), required=True),
    Field("States", "states", "The states, by name.", ("object",), required=True, min_size=1),
    _text("Comment", "A description for people."),
)

OBJECTS: Final[Mapping[str, Object]] = {
    "Machine": Object(
        "a state machine",
        (
            *_SCOPE,
            _text("Version", "The version of the language: 1.0.", allowed=("1.0",), sure=False),
            _integer("TimeoutSeconds", "How long an execution may run, in seconds.", 1, source="S"),
            Field("QueryLanguage", "name", "The query language of all states that do not say their own.", ("string",),
                  allowed=LANGUAGES),
        ),
    ),
    "Branch": Object(
        "a branch",
        (
            *_SCOPE,
            _integer("TimeoutSeconds", "Only a whole machine has this.", 1, sure=False, source="?"),
            _text("Version", "Only a whole machine has this.", sure=False, source="?"),
        ),
    ),
    "Processor": Object(
        "an item processor",
        (
            *_SCOPE,
            Field("ProcessorConfig", "object", "How the items are processed.", ("object",), of="ProcessorConfig"),
            _integer("TimeoutSeconds", "Only a whole machine has this.", 1, sure=False, source="?"),
            _text("Version", "Only a whole machine has this.", sure=False, source="?"),
        ),
    ),
    "ProcessorConfig": Object(
        "a ProcessorConfig",
        (
            Field("Mode", "name", "INLINE within this execution, DISTRIBUTED in child executions.", ("string",),
                  allowed=("INLINE", "DISTRIBUTED"), source="D"),
            Field("ExecutionType", "name", "The type of the child executions.", ("string",), allowed=("STANDARD", "EXPRESS"),
                  source="D"),
        ),
        (Constraint("when", ("Mode", "ExecutionType"), ("DISTRIBUTED",), source="D: state-map-distributed"),),
    ),
    "Task": Object(
        "a Task state",
        (
            *_COMMON,
            Field("Resource", "resource", "The ARN of what does the work.", ("string",), required=True),
            *_FLOW,
            *_DATA_FLOW,
            _PARAMETERS,
            _RESULT_SELECTOR,
            _ARGUMENTS,
            _OUTPUT,
            _ASSIGN,
            *_seconds_pair("TimeoutSeconds", "How long one attempt may take, in seconds; 99999999 where absent."),
            *_seconds_pair("HeartbeatSeconds", "The longest silence between two heartbeats, in seconds."),
            Field("Credentials", "object", "The role to assume for this call.", ("object",), of="Credentials"),
            _RETRY,
            _CATCH,
        ),
        (
            _NEXT_OR_END,
            Constraint("at-most-one", ("TimeoutSeconds", "TimeoutSecondsPath"), language="JSONPath"),
            Constraint("at-most-one", ("HeartbeatSeconds", "HeartbeatSecondsPath"), language="JSONPath"),
        ),
    ),
    "Pass": Object(
        "a Pass state",
        (
            *_COMMON,
            *_FLOW,
            *_DATA_FLOW,
            _PARAMETERS,
            Field("Result", "data", "Fixed data that the state passes on.", (), "JSONPath"),
            _OUTPUT,
            _ASSIGN,
        ),
        (_NEXT_OR_END, Constraint("at-most-one", ("Result", "Parameters"), language="JSONPath", sure=False, source="?")),
    ),
    "Choice": Object(
        "a Choice state",
        (
            *_COMMON,
            Field("Choices", "objects", "The rules, tried in order.", ("array",), of="ChoiceRule", min_size=1, required=True),
            Field("Default", "state", "Where to go when no rule holds.", ("string",)),
            _INPUT_PATH,
            _OUTPUT_PATH,
            _OUTPUT,
            _ASSIGN,
        ),
    ),
    "Wait": Object(
        "a Wait state",
        (
            *_COMMON,
            *_FLOW,
            _integer("Seconds", "How long to wait.", 0, LONGEST, expression=True, source="S, D: state-wait"),
            Field("Timestamp", "timestamp", "Until when to wait: RFC 3339 with T and Z or an offset.", ("string",),
                  pattern=f"^{RFC3339}{END}", expression=True, source="S, A"),
            _reference("SecondsPath", "How long to wait, read from the input."),
            _reference("TimestampPath", "Until when to wait, read from the input."),
            _INPUT_PATH,
            _OUTPUT_PATH,
            _OUTPUT,
            _ASSIGN,
        ),
        (
            _NEXT_OR_END,
            Constraint("exactly-one", ("Seconds", "Timestamp", "SecondsPath", "TimestampPath"), language="JSONPath"),
            Constraint("exactly-one", ("Seconds", "Timestamp"), language="JSONata"),
        ),
    ),
    "Succeed": Object("a Succeed state", (*_COMMON, _INPUT_PATH, _OUTPUT_PATH, _OUTPUT)),
    "Fail": Object(
        "a Fail state",
        (
            *_COMMON,
            _text("Error", "The error's name.", expression=True),
            _text("Cause", "What went wrong, for people.", expression=True),
            Field("ErrorPath", "string-path", "The error's name, read from the input.", ("string",), "JSONPath",
                  pattern=STRING_PATH, source="S, D: state-fail"),
            Field("CausePath", "string-path", "The cause, read from the input.", ("string",), "JSONPath", pattern=STRING_PATH,
                  source="S, D: state-fail"),
        ),
        (
            Constraint("at-most-one", ("Error", "ErrorPath"), language="JSONPath", source="F"),
            Constraint("at-most-one", ("Cause", "CausePath"), language="JSONPath", source="F"),
        ),
    ),
    "Parallel": Object(
        "a Parallel state",
        (
            *_COMMON,
            Field("Branches", "objects", "What runs side by side.", ("array",), of="Branch", min_size=1, required=True,
                  source="S, A"),
            *_FLOW,
            *_DATA_FLOW,
            _PARAMETERS,
            _RESULT_SELECTOR,
            _ARGUMENTS,
            _OUTPUT,
            _ASSIGN,
            _RETRY,
            _CATCH,
        ),
        (_NEXT_OR_END,),
    ),
    "Map": Object(
        "a Map state",
        (
            *_COMMON,
            Field("ItemProcessor", "object", "What runs for each item.", ("object",), of="Processor"),
            Field("Iterator", "object", "The older name of ItemProcessor.", ("object",), of="Processor",
                  replaced_by="ItemProcessor"),
            *_FLOW,
            Field("Items", "payload", "The items: an array, or an expression that gives one.", ("array", "object"), "JSONata",
                  expression=True, sure=False, source="S, D, A"),
            _reference("ItemsPath", "Where in the input the items are."),
            Field("ItemSelector", "template", "What each iteration gets as its input.", (), source="S, A"),
            _PARAMETERS._replace(doc="The older name of ItemSelector.", replaced_by="ItemSelector"),
            _integer("MaxConcurrency", "How many iterations may run at once; 0 for no limit.", 0, expression=True,
                     source="S, D, F"),
            _reference("MaxConcurrencyPath", "How many iterations may run at once, read from the input."),
            *_tolerated("ToleratedFailurePercentage", 100, "number"),
            *_tolerated("ToleratedFailureCount", None, "integer"),
            Field("Label", "name", "A prefix for the names of the child executions.", ("string",), source="D, B"),
            Field("ItemReader", "object", "Where the items are read from.", ("object",), of="ItemReader", distributed=True,
                  source="D, F"),
            Field("ItemBatcher", "object", "How items are grouped for one iteration.", ("object",), of="ItemBatcher",
                  distributed=True, source="D, F"),
            Field("ResultWriter", "object", "Where the results are written.", ("object",), of="ResultWriter", distributed=True,
                  source="D, F"),
            *_DATA_FLOW,
            _RESULT_SELECTOR,
            _OUTPUT,
            _ASSIGN,
            _RETRY,
            _CATCH,
        ),
        (
            _NEXT_OR_END,
            Constraint("exactly-one", ("ItemProcessor", "Iterator")),
            Constraint("at-most-one", ("ItemSelector", "Parameters"), language="JSONPath"),
            Constraint("at-most-one", ("MaxConcurrency", "MaxConcurrencyPath"), language="JSONPath"),
            Constraint("at-most-one", ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"), language="JSONPath"),
            Constraint("at-most-one", ("ToleratedFailureCount", "ToleratedFailureCountPath"), language="JSONPath"),
        ),
    ),
    "ItemReader": Object(
        "an ItemReader",
        _resource_call(
            Field("Resource", "resource", "The call that reads: s3:getObject or s3:listObjectsV2.", ("string",), required=True,
                  pattern=f"^arn:{_PARTITION}:states:::s3:(?:getObject|listObjectsV2){END}", source="S, F"),
            Field("ReaderConfig", "object", "How the object is read.", ("object",), of="ReaderConfig", source="D"),
        ),
    ),
    "ReaderConfig": Object(
        "a ReaderConfig",
        (
            Field("InputType", "name", "The format of the data.", ("string",),
                  allowed=("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"), source="D, F"),
            Field("Transformation", "name", "Whether the objects that are listed are also read.", ("string",),
                  allowed=("NONE", "LOAD_AND_FLATTEN"), source="D"),
            Field("ManifestType", "name", "What kind of manifest it is.", ("string",), allowed=("ATHENA_DATA", "S3_INVENTORY"),
                  source="D"),
            Field("CSVDelimiter", "name", "What separates the columns.", ("string",),
                  allowed=("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"), source="D"),
            Field("CSVHeaderLocation", "name", "Where the column names come from.", ("string",),
                  allowed=("FIRST_ROW", "GIVEN"), source="D"),
            Field("CSVHeaders", "data", "The column names.", ("array",), min_size=1, source="D, A"),
            _text("ItemsPointer", "A JSON Pointer to the items.", pattern="^(?:/|$)", sure=False, source="D"),
            Field("MaxItems", "number", "How many items at the most; 0 for all.", ("number",), expression=True, source="S, D, A"),
            _reference("MaxItemsPath", "How many items at the most, read from the input."),
        ),
        (
            Constraint("at-most-one", ("MaxItems", "MaxItemsPath"), language="JSONPath"),
            Constraint("when", ("CSVHeaderLocation", "CSVHeaders"), ("GIVEN",), source="D"),
            Constraint("needs", ("CSVHeaders", "CSVHeaderLocation"), sure=False, source="D"),
            Constraint("when", ("Transformation", "InputType"), ("LOAD_AND_FLATTEN",), sure=False, source="D"),
            Constraint("when", ("InputType", "CSVHeaderLocation"), ("CSV",), sure=False, source="D"),
            Constraint("when", ("ManifestType", "InputType"), ("ATHENA_DATA",), sure=False, source="D"),
            Constraint("when-absent", ("ManifestType", "InputType"), ("S3_INVENTORY",), sure=False, source="D"),
        ),
    ),
    "ItemBatcher": Object(
        "an ItemBatcher",
        (
            _integer("MaxItemsPerBatch", "How many items a batch has at the most.", 1, expression=True, source="D"),
            _reference("MaxItemsPerBatchPath", "How many items a batch has at the most, read from the input."),
            _integer("MaxInputBytesPerBatch", "How many bytes a batch has at the most.", 1, 262_144, expression=True,
                     source="D"),
            _reference("MaxInputBytesPerBatchPath", "How many bytes a batch has at the most, read from the input."),
            Field("BatchInput", "template", "Data that every batch gets.", ()),
        ),
        (
            Constraint("at-most-one", ("MaxItemsPerBatch", "MaxItemsPerBatchPath"), language="JSONPath"),
            Constraint("at-most-one", ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"), language="JSONPath"),
            Constraint(
                "at-least-one",
                ("MaxItemsPerBatch", "MaxInputBytesPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"),
                language="JSONPath",
            ),
            Constraint("at-least-one", ("MaxItemsPerBatch", "MaxInputBytesPerBatch"), language="JSONata"),
        ),
    ),
    "ResultWriter": Object(
        "a ResultWriter",
        _resource_call(
            Field("Resource", "resource", "The call that writes: s3:putObject.", ("string",),
                  pattern=f"^arn:{_PARTITION}:states:::s3:putObject{END}", source="S, F"),
            Field("WriterConfig", "object", "How the results are written.", ("object",), of="WriterConfig", source="D"),
        ),
        (
            Constraint("needs", ("Resource", "Parameters"), language="JSONPath", source="F, A"),
            Constraint("needs", ("Resource", "Arguments"), language="JSONata", source="F, A"),
            Constraint("needs", ("Parameters", "Resource"), language="JSONPath", source="F"),
            Constraint("needs", ("Arguments", "Resource"), language="JSONata", source="F"),
        ),
        min_size=1,
    ),
    "WriterConfig": Object(
        "a WriterConfig",
        (
            Field("OutputType", "name", "The format of the results.", ("string",), allowed=("JSON", "JSONL"), required=True,
                  source="D, F"),
            Field("Transformation", "name", "What is kept of each result.", ("string",), allowed=("NONE", "COMPACT", "FLATTEN"),
                  source="D"),
        ),
        (Constraint("needs", ("OutputType", "Transformation"), sure=False, source="F"),),
    ),
    "Credentials": Object(
        "a Credentials object",
        (
            Field("RoleArn", "data", "The role to assume.", ("string",), expression=True, source="A, D"),
            Field("RoleArn.$", "string-path", "The role to assume, read from the input.", ("string",), "JSONPath", source="D"),
        ),
        (
            Constraint("exactly-one", ("RoleArn", "RoleArn.$"), language="JSONPath", source="A"),
            Constraint("exactly-one", ("RoleArn",), language="JSONata", source="A"),
        ),
    ),
    "Retrier": Object(
        "a Retrier",
        (
            Field("ErrorEquals", "errors", "The errors that it retries.", ("array",), min_size=1, required=True),
            _integer("IntervalSeconds", "Seconds before the first retry; 1 where absent.", 1, LONGEST, source="S, D"),
            _integer("MaxAttempts", "How many retries at the most; 3 where absent.", 0, LONGEST, source="S, D"),
            Field("BackoffRate", "number", "By how much the interval grows each time; 2 where absent.", ("number",), minimum=1),
            _integer("MaxDelaySeconds", "The longest interval, in seconds.", 1, exclusive_maximum=31_622_400, source="S, D"),
            Field("JitterStrategy", "name", "Whether the intervals vary at random.", ("string",), allowed=("FULL", "NONE"),
                  source="D"),
            _text("Comment", "A description for people.", source="A"),
        ),
    ),
    "Catcher": Object(
        "a Catcher",
        (
            Field("ErrorEquals", "errors", "The errors that it catches.", ("array",), min_size=1, required=True),
            Field("Next", "state", "Where to go on such an error.", ("string",), required=True),
            _RESULT_PATH,
            _OUTPUT,
            _ASSIGN,
            _text("Comment", "A description for people.", source="A"),
        ),
    ),
    "ChoiceRule": Object(
        "a choice rule",
        (
            Field("Condition", "expression", "A boolean, or an expression that gives one.", ("boolean",), "JSONata",
                  expression=True, required=True),
            Field("Next", "state", "Where to go if the rule holds.", ("string",), required=True),
            _OUTPUT,
            _ASSIGN,
            _text("Comment", "A description for people."),
            _VARIABLE,
            *_OPERATORS,
            *_LOGIC,
        ),
        _ONE_TEST,
    ),
    "NestedRule": Object(
        "a nested choice rule",
        (_VARIABLE, *_OPERATORS, *_LOGIC, _text("Comment", "A description for people.", source="A")),
        _ONE_TEST,
    ),
}  # fmt: skip


def fields_of(name: str, language: Language | None = None) -> Sequence[Field]:
    """The fields of an object (a key of ``OBJECTS``), in the table's order, that stand in the language (None for all)."""
    fields = OBJECTS[name].fields
    return fields if language is None else [field for field in fields if field.language in (None, language)]
