"""How Step Functions spells names, against the tables of the names that it documents."""

import json
from pathlib import Path

import pytest

from asl_lint.aws.naming import error_name, error_prefix, optimized_member, sdk_member, service_name, words
from asl_lint.aws.service_index import service_index


@pytest.fixture(scope="module")
def names(corpus: Path) -> dict[str, dict[str, str | None]]:
    """The documented services by their name in an ``aws-sdk`` ARN."""
    table: dict[str, dict[str, str | None]] = json.loads(
        (corpus.parent / "facts" / "aws_service_names.json").read_text(encoding="utf-8")
    )
    assert len(table) > 400
    return table


def test_every_documented_service_is_named_from_its_id(names: dict[str, dict[str, str | None]]) -> None:
    modelled = {name: str(entry["service_id"]) for name, entry in names.items() if entry["botocore"]}
    assert len(modelled) > 400
    assert {name: service_name(service_id) for name, service_id in modelled.items()} == {name: name for name in modelled}


def test_every_documented_prefix_of_errors_comes_from_the_service_s_id(names: dict[str, dict[str, str | None]]) -> None:
    modelled = {str(entry["error_prefix"]): str(entry["service_id"]) for entry in names.values() if entry["botocore"]}
    assert {prefix: error_prefix(service_id) for prefix, service_id in modelled.items()} == {name: name for name in modelled}


def test_the_index_has_every_documented_service_with_its_prefix(names: dict[str, dict[str, str | None]]) -> None:
    services = service_index().services
    assert {name: services[name][0] for name in names} == {name: entry["error_prefix"] for name, entry in names.items()}
    assert {name for name in names if len(services[name]) == 1} == {
        name for name, entry in names.items() if entry["botocore"] is None
    }


def test_the_index_has_every_documented_prefix(corpus: Path) -> None:
    documented = (corpus.parent / "facts" / "aws_sdk_error_prefixes.txt").read_text(encoding="utf-8").split()
    assert len(documented) > 400
    assert set(documented) <= set(service_index().prefixes)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("DBInstance", ["DB", "Instance"]), ("API Gateway", ["API", "Gateway"]), ("EC2", ["EC2"]), ("S3Control", ["S3", "Control"])],
)
def test_a_name_is_taken_apart_into_words(name: str, expected: list[str]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("NoSuchKey", "NoSuchKeyException"),
        ("ConditionalCheckFailedException", "ConditionalCheckFailedException"),
        ("DBInstanceNotFoundFault", "DbInstanceNotFoundException"),
    ],
)
def test_an_error_ends_with_exception_always(shape: str, expected: str) -> None:
    assert error_name(shape) == expected


@pytest.mark.parametrize(
    ("member", "sdk", "optimized"),
    [
        ("SSEKMSKeyId", "SsekmsKeyId", "SSEKMSKeyId"),
        ("DBInstanceIdentifier", "DbInstanceIdentifier", "DBInstanceIdentifier"),
        ("ETag", "ETag", "ETag"),
        ("MultiAZ", "MultiAZ", "MultiAZ"),
        ("ChecksumCRC32", "ChecksumCRC32", "ChecksumCRC32"),
        ("BOOL", "Bool", "BOOL"),
        ("NULL", "Nul", "NULL"),
        ("taskDefinition", "TaskDefinition", "TaskDefinition"),
    ],
)
def test_a_member_is_spelled_as_its_kind_of_integration_does(member: str, sdk: str, optimized: str) -> None:
    assert (sdk_member(member), optimized_member(member)) == (sdk, optimized)
