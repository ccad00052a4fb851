"""The state machines of a CloudFormation or SAM template, CDK's among them, in JSON or in YAML with short forms.

No value is made up: a function that is not evaluated here becomes a placeholder of its own name. References are resolved only so
far as to say whether they lead anywhere. Nothing of a template is run, and nothing is fetched.
"""

import re
from collections.abc import Iterator, Mapping

from asl_lint.late import Any, Final, Literal
from asl_lint.source.document import MISSING, Document, Pointer, is_unknown
from asl_lint.source.embedded import EmbeddedMachine, Pieces, Unresolved, known_value
from asl_lint.source.json_text import read_json
from asl_lint.source.machine_settings import MachineSettings, Setting, setting
from asl_lint.source.placeholders import Placeholder, has_placeholder, is_template_function
from asl_lint.source.read import CLOUDFORMATION, SERVERLESS
from asl_lint.source.substitution import fill_text
from asl_lint.source.text import Span, Text

_TRANSFORMS: Final = frozenset({
    "AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen", "AWS::SecretsManager-2020-07-23",
})  # fmt: skip
"""Transforms that leave the texts of definitions as they are."""
_SUBSTITUTED: Final = re.compile(r"\$\{(!?)([^{}\n]*)\}")
_OTHER_TOOL: Final = re.compile(r"\$\{(?:self|opt|file|sls|env|param|cf|custom|ssm)[:(]")
"""Variables of the Serverless Framework: what it merges such a file with is not known."""
_EACH: Final = "Fn::ForEach::"
_PARTITION: Final = {"AWS::Partition": "aws"}
"""What is the same wherever it is deployed, as far as a definition is concerned."""


def is_template(value: object) -> bool:
    """Whether a parsed value is a template: an object with ``Resources``."""
    return isinstance(value, dict) and isinstance(value.get("Resources"), dict)


def machines(document: Document) -> Iterator[EmbeddedMachine]:
    """The state machines of a template (read with ``functions``, if it is YAML), in the order of its text."""
    template = document.value
    assert isinstance(template, dict)
    for name, resource in template["Resources"].items():
        if name.startswith(_EACH):
            yield from _repeated(document, ("Resources", name), resource)
        elif isinstance(resource, dict) and resource.get("Type") in (CLOUDFORMATION, SERVERLESS):
            properties = resource.get("Properties")
            if not isinstance(properties, dict) or is_unknown(properties):
                where = document.span(("Resources", name), "key")
                yield EmbeddedMachine(name, unresolved=Unresolved("it has no Properties that can be read", where))
            else:
                yield _Reader(document, template, name, properties, resource["Type"] == SERVERLESS).machine()


def _repeated(document: Document, at: Pointer, loop: object) -> Iterator[EmbeddedMachine]:
    """The state machines that a loop makes, each told once; loops stand in loops."""
    made = loop[2] if isinstance(loop, list) and len(loop) == 3 else None
    for name, resource in made.items() if isinstance(made, dict) else ():
        if name.startswith(_EACH):
            yield from _repeated(document, (*at, 2, name), resource)
        elif isinstance(resource, dict) and resource.get("Type") in (CLOUDFORMATION, SERVERLESS):
            where = document.span((*at, 2, name), "key")
            yield EmbeddedMachine(name, unresolved=Unresolved("Fn::ForEach makes it, and is not evaluated", where))


def with_texts(document: Document, template: Mapping[str, Any], pointer: Pointer, part: Document) -> Document:
    """The part of a document at a pointer with the functions evaluated whose texts are fixed; ``template`` has what they name."""
    return _Reader(document, template, "", {}, False).with_texts(pointer, part)


class _Reader:
    """One state machine of a template."""

    def __init__(
        self, document: Document, template: Mapping[str, Any], name: str, properties: Mapping[str, Any], is_sam: bool
    ) -> None:
        self._document = document
        self._template = template
        self._name = name
        self._properties = properties
        self._is_sam = is_sam
        self._at: Pointer = ("Resources", name, "Properties")

    def machine(self) -> EmbeddedMachine:
        found = self._definition()
        return found._replace(
            machine_type=self._type(),
            declared=self._places(),
            properties=self._properties,
            template=self._template,
            source=self._document,
            is_sam=self._is_sam,
            settings=self._settings,
        )

    def _settings(self) -> MachineSettings:
        """What the resource says of logging and the like; SAM spells some of it otherwise, and takes no key."""
        is_whole = self._is_plain()

        def found(*names: str) -> Setting:
            return setting(self._properties, names, self._at, self._at[:-1], is_whole=is_whole)

        is_sam = self._is_sam
        return MachineSettings(
            self._document, self._name, self._at[:-1], self._type(),
            logging=found("Logging" if is_sam else "LoggingConfiguration"),
            tracing=found("Tracing" if is_sam else "TracingConfiguration"),
            encryption=found("EncryptionConfiguration"),
            tags=found("Tags"),
            location=found("DefinitionUri" if is_sam else "DefinitionS3Location"),
            template=self._template,
            takes_key=not is_sam,
        )  # fmt: skip

    def _type(self) -> Literal["STANDARD", "EXPRESS"] | None:
        kind = self._properties.get("Type" if self._is_sam else "StateMachineType", "STANDARD")
        return kind if kind in ("STANDARD", "EXPRESS") else None

    def _definition(self) -> EmbeddedMachine:
        properties = self._properties
        if "Definition" in properties:
            return self._object((*self._at, "Definition"), properties["Definition"])
        if "DefinitionString" in properties:
            return self._string((*self._at, "DefinitionString"), properties["DefinitionString"])
        if "DefinitionUri" in properties:
            return self._uri((*self._at, "DefinitionUri"), properties["DefinitionUri"])
        if "DefinitionS3Location" in properties:
            return self._unresolved("its definition lies in S3", (*self._at, "DefinitionS3Location"))
        return self._unresolved("it has no definition", self._at)

    def _object(self, pointer: Pointer, value: object) -> EmbeddedMachine:
        if isinstance(value, dict) and not is_unknown(value):
            part = self.with_texts(pointer, self._document.part(pointer, _as_texts(value)))
            return EmbeddedMachine(self._name, part, substitutions=self._declared())
        return self._unresolved(f"{_function(value)} is not evaluated", pointer)

    def _string(self, pointer: Pointer, value: object) -> EmbeddedMachine:
        if isinstance(value, dict) and set(value) == {"Fn::ToJsonString"}:
            return self._object((*pointer, "Fn::ToJsonString"), value["Fn::ToJsonString"])
        pieces = Pieces(self._document.text)
        filled: dict[str, object] = {}
        if not self._put(pieces, pointer, value, filled):
            return self._unresolved(f"{_function(value)} is not evaluated", pointer)
        declared = self._declared()
        known = None if declared is None else {**filled, **declared}
        return EmbeddedMachine(self._name, read_json(pieces.text()), substitutions=known)

    def _uri(self, pointer: Pointer, value: object) -> EmbeddedMachine:
        if not isinstance(value, str) or has_placeholder(value):
            lies = "in S3" if isinstance(value, dict) and "Bucket" in value else f"where {_function(value)} says"
            return self._unresolved(f"its definition lies {lies}", pointer)
        if "://" in value:
            return self._unresolved(f"its definition lies at {value}", pointer)
        return EmbeddedMachine(self._name, file=value, substitutions=self._declared())

    def _unresolved(self, reason: str, pointer: Pointer) -> EmbeddedMachine:
        return EmbeddedMachine(self._name, unresolved=Unresolved(reason, self._document.span(pointer, "key")))

    # --- what is filled in ------------------------------------------------------------------------------------------------------

    def _declared(self) -> dict[str, object] | None:
        """``DefinitionSubstitutions``; None where a macro, or another tool, can fill in anything."""
        if not self._is_plain():
            return None
        found = self._properties.get("DefinitionSubstitutions", {})
        if not isinstance(found, dict) or is_unknown(found):
            return None
        at: Pointer = (*self._at, "DefinitionSubstitutions")
        return {name: self._known((*at, name), value) for name, value in found.items()}

    def _places(self) -> dict[str, Span | None]:
        """Where each of the ``DefinitionSubstitutions`` stands."""
        at: Pointer = (*self._at, "DefinitionSubstitutions")
        return {name: self._document.span((*at, name), "key") for name in self._declared() or ()}

    def _known(self, pointer: Pointer, value: object) -> object:
        """The value of a substitution; MISSING where only the deployment knows it."""
        text = self._fixed(pointer, value)
        return known_value(value) if text is None else text.content

    def with_texts(self, pointer: Pointer, part: Document) -> Document:
        """The part of the document at a pointer with the functions evaluated whose texts are fixed."""
        texts: dict[Pointer, Text] = {}
        evaluated = self._evaluated(pointer, (), part.value, texts)
        return part.evaluated(evaluated, texts) if texts else part

    def _evaluated(self, root: Pointer, at: Pointer, value: object, texts: dict[Pointer, Text]) -> object:
        """A member of the definition at ``root`` with the functions evaluated whose texts are fixed; ``texts`` takes these."""
        if isinstance(value, dict):
            text = self._fixed((*root, *at), value)
            if text is not None:
                texts[at] = text
                return text.content
            return {key: self._evaluated(root, (*at, key), member, texts) for key, member in value.items()}
        if isinstance(value, list):
            return [self._evaluated(root, (*at, i), element, texts) for i, element in enumerate(value)]
        return value

    def _fixed(self, pointer: Pointer, value: object) -> Text | None:
        """The text of a function that every deployment evaluates alike; None of all else.

        Also of a text with a placeholder: who fills in that one depends on where the text is put.
        """
        if not isinstance(value, dict) or not is_template_function(value):
            return None
        pieces, filled = Pieces(self._document.text), dict[str, object]()
        name = value.get("Ref")
        if isinstance(name, str) and isinstance(known := self._of_reference(name), str):
            pieces.add_value(known, self._document.span(pointer))
        elif not self._put(pieces, pointer, value, filled):
            return None
        text = fill_text(pieces.text(), filled)
        return None if has_placeholder(text.content) else text

    def _of_reference(self, name: str) -> object:
        """What a reference gives: MISSING where only the deployment knows it. A parameter that allows one text is that."""
        parameters = self._template.get("Parameters")
        parameter = parameters.get(name) if isinstance(parameters, dict) else None
        if isinstance(parameter, dict) and parameter.get("Type") == "String":
            allowed = parameter.get("AllowedValues")
            if isinstance(allowed, list) and len(allowed) == 1 and isinstance(allowed[0], str):
                return known_value(allowed[0])
        return _PARTITION.get(name, MISSING)

    def _is_plain(self) -> bool:
        """Whether neither a macro nor another tool can change what the template says."""
        transforms = self._template.get("Transform", [])
        listed = transforms if isinstance(transforms, list) else [transforms]
        return all(isinstance(one, str) and one in _TRANSFORMS for one in listed) and not _OTHER_TOOL.search(
            self._document.text.content
        )

    def _put(self, pieces: Pieces, pointer: Pointer, value: object, filled: dict[str, object]) -> bool:
        """Adds the text of a value; False where it cannot be had. ``filled`` takes the names that something fills in."""
        if isinstance(value, str):
            pieces.add(self._document.string(pointer))
            return True
        if not isinstance(value, dict) or len(value) != 1:
            return False
        function, argument = next(iter(value.items()))
        inner = (*pointer, function)
        if function == "Fn::Sub":
            return self._put_sub(pieces, inner, argument, filled)
        if function == "Fn::Join":
            return self._put_join(pieces, inner, argument, filled)
        return False

    def _put_sub(self, pieces: Pieces, pointer: Pointer, argument: object, filled: dict[str, object]) -> bool:
        own: Mapping[str, object] = {}
        text, at = argument, pointer
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
            text, own = argument
            at = (*pointer, 0)
        if not isinstance(text, str):
            return False
        string = self._document.string(at)
        done, literals = 0, list[str]()
        for found in _SUBSTITUTED.finditer(string.content):
            is_literal, name = found[1] == "!", found[2].strip()
            if is_literal:  # ${!Name} is what ${Name} becomes
                pieces.add(string, done, found.start() + 2)
                done = found.start() + 3
                literals.append(found[2])
            elif name in own:
                _note(filled, found[2], self._known((*pointer, 1, name), own[name]))
            elif self._leads_somewhere(name):
                _note(filled, found[2], self._of_reference(name))
        pieces.add(string, done)
        filled.update(dict.fromkeys(literals, MISSING))  # such a text stays, whatever else has its name
        return True

    def _put_join(self, pieces: Pieces, pointer: Pointer, argument: object, filled: dict[str, object]) -> bool:
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
            return False
        parts = argument[1]
        if not isinstance(parts, list):
            return False
        delimiter: Text | None = self._document.string((*pointer, 0)) if argument[0] else None
        for i, part in enumerate(parts):
            at: Pointer = (*pointer, 1, i)
            if i and delimiter is not None:
                pieces.add(delimiter)
            if not self._put(pieces, at, part, filled):
                name = _reference(part)
                _note(filled, name, self._of_reference(name))
                pieces.add_value(f"${{{name}}}", self._document.span(at))
        return True

    def _leads_somewhere(self, name: str) -> bool:
        first = name.split(".", 1)[0]
        if name.startswith("AWS::"):
            return True
        sections = (self._template.get(section) for section in ("Parameters", "Resources"))
        return any(isinstance(section, dict) and first in section for section in sections)


def _note(filled: dict[str, object], name: str, value: object) -> None:
    """Notes what a name gives: unknown where two functions of one text give it different values."""
    filled[name] = value if filled.get(name, value) == value else MISSING


def _as_texts(value: object) -> Any:
    """An object of a template with its ``${Name}`` as texts.

    SAM and CloudFormation write it as JSON before they fill it in: in YAML one without quotes is a string too.
    """
    if isinstance(value, dict):
        return {key: _as_texts(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_as_texts(element) for element in value]
    return value.text if isinstance(value, Placeholder) else value


def _reference(value: object) -> str:
    """What a function is called as a placeholder: ``Queue`` for a Ref, ``Queue.Arn`` for an attribute, else its own name."""
    if isinstance(value, dict) and len(value) == 1:
        function, argument = next(iter(value.items()))
        if function == "Ref" and isinstance(argument, str):
            return argument
        if function == "Fn::GetAtt":
            if isinstance(argument, list) and all(isinstance(part, str) for part in argument):
                return ".".join(argument)
            if isinstance(argument, str):
                return argument
        return str(function)
    return "Value"


def _function(value: object) -> str:
    if isinstance(value, dict) and len(value) == 1:
        return str(next(iter(value)))
    return "a placeholder" if isinstance(value, str) else "what stands there"
