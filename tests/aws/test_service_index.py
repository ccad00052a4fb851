"""The index of services: what it holds, how it is read, and that it is what its script makes of the models."""

import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest

from asl_lint.aws.service_index import INDEX_FILE, Service, ServiceIndex, service_index
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def index() -> ServiceIndex:
    return service_index()


def service(name: str) -> Service:
    found = service_index().service(name)
    assert found is not None
    return found


def input_of(owner: Service, action: str) -> int:
    operation = owner.operation(action)
    assert operation is not None
    assert operation.input is not None
    return operation.input


def test_it_has_a_date_and_the_services_of_the_models(index: ServiceIndex) -> None:
    assert (index.date, index.botocore) == ("2026-11-17", "1.44.5")
    assert len(index.services) > 440
    assert sum(len(service(name).actions) for name in index.services) > 19_000


def test_what_there_is_not_is_none(index: ServiceIndex) -> None:
    assert index.service("stepfunctions") is None
    assert service("s3").operation("ListBuckets") is None


def test_other_names_of_a_service_lead_to_it(index: ServiceIndex) -> None:
    assert [index.aliases[name] for name in ("logs", "stepfunctions", "events", "elasticmapreduce")] == [
        "cloudwatchlogs", "sfn", "eventbridge", "emr",
    ]  # fmt: skip
    assert not set(index.aliases) & set(index.services)


def test_a_service_without_a_model_has_no_operation_that_is_known(index: ServiceIndex) -> None:
    without = service("lookoutvision")
    assert not without.has_model
    assert (dict(without.actions), list(without.errors)) == ({}, [])


def test_members_are_spelled_for_both_kinds_of_integration() -> None:
    s3 = service("s3")
    number = input_of(s3, "copyObject")
    assert "SsekmsKeyId" in s3.members(number, is_sdk=True)
    assert "SSEKMSKeyId" in s3.members(number, is_sdk=False)
    assert s3.members(number, is_sdk=True)["SsekmsKeyId"] == s3.members(number, is_sdk=False)["SSEKMSKeyId"]


def test_required_members_limits_and_values_are_kept() -> None:
    dynamodb = service("dynamodb")
    query = dynamodb.shape(input_of(dynamodb, "query"))
    assert list(query.required) == ["TableName"]
    assert query.members is not None
    assert dynamodb.shape(query.members["Limit"]).minimum == 1
    assert "COUNT" in dynamodb.shape(query.members["Select"]).enum
    assert dynamodb.shape(query.members["TableName"]).maximum == 1024


def test_a_shape_that_holds_itself_leads_back_to_its_number() -> None:
    dynamodb = service("dynamodb")
    put = dynamodb.members(input_of(dynamodb, "putItem"), is_sdk=True)
    value = dynamodb.shape(put["Item"][1]).element
    assert value is not None
    inner = dynamodb.members(value, is_sdk=True)["M"][1]
    assert dynamodb.shape(inner).element == value


def test_a_token_that_the_sdk_fills_in_is_not_required() -> None:
    athena = service("athena")
    number = input_of(athena, "createCapacityReservation")
    assert "ClientRequestToken" not in athena.shape(number).required
    catalog = service("servicecatalog")
    assert "IdempotencyToken" not in catalog.shape(input_of(catalog, "copyProduct")).required


def test_errors_are_those_of_the_sdk() -> None:
    assert "NoSuchKeyException" in service("s3").errors
    assert "DbInstanceNotFoundException" in service("rds").errors
    assert list(service("sagemaker").errors) == [
        "ConflictException", "ResourceAlreadyExistsException", "ResourceInUseException", "ResourceLimitExceededException",
        "ResourceNotFoundException",
    ]  # fmt: skip
    get_item = service("dynamodb").operation("getItem")
    assert get_item is not None
    assert "ProvisionedThroughputExceededException" in get_item.errors


@pytest.mark.parametrize("name", sorted(service_index().services)[::40])
def test_every_shape_that_an_operation_reaches_is_there(name: str) -> None:
    owner = service(name)
    pending = [side for action in owner.actions if (op := owner.operation(action)) for side in op[:2] if side is not None]
    seen: set[int] = set()
    while pending:
        number = pending.pop()
        if number not in seen:
            seen.add(number)
            shape = owner.shape(number)
            assert len(owner.members(number, is_sdk=True)) == len(shape.members or {}), "no two members are spelled alike"
            assert set(shape.required) <= set(shape.members or {})
            pending += [*(shape.members or {}).values(), *([] if shape.element is None else [shape.element])]


def test_data_that_is_no_index_is_refused() -> None:
    with pytest.raises(ValueError, match="no index"):
        ServiceIndex(b"PK\x03\x04")


def test_opening_it_and_one_service_takes_milliseconds() -> None:
    """The best of a few: another program may take the processor. Far more than what it takes, far less than all services do."""
    data = Path(INDEX_FILE).read_bytes()
    best = float("inf")
    for _ in range(7):
        start = time.process_time()
        opened = ServiceIndex(data)
        dynamodb = opened.service("dynamodb")
        assert dynamodb is not None
        dynamodb.shape(input_of(dynamodb, "putItem"))
        best = min(best, time.process_time() - start)
    assert best < 0.02


def test_a_check_that_calls_no_service_neither_imports_nor_opens_it() -> None:
    code = (
        "import sys, asl_lint\n"
        'text = \'{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": %s, "End": true}}}\'\n'
        "def seen(resource):\n"
        "    asl_lint.check_text(text % ('\"' + resource + '\"'), name='a.asl.json')\n"
        "    return 'asl_lint.aws.service_index' in sys.modules\n"
        "print(seen('arn:aws:lambda:eu-west-1:123456789012:function:pack'), seen('arn:aws:states:::aws-sdk:s3:listBuckets'))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "False True\n"


def test_it_is_what_the_script_makes_of_the_pinned_models() -> None:
    try:
        installed = metadata.version("botocore")
    except metadata.PackageNotFoundError:
        installed = "none"
    if installed != service_index().botocore:
        pytest.skip(f"needs botocore {service_index().botocore}, and {installed} is installed: pip install 'asl-lint[dev]'")
    script = ROOT / "scripts" / "build_service_index.py"
    run = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
