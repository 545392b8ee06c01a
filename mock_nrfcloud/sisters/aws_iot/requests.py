"""What may stand in requests: names, bodies, parameters and their limits. Pure.

The server checks the limits; boto3 checks only the types and the shortest lengths.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta, Struct

from harness.core.http_text import HttpRequest, json_value
from mock_nrfcloud.sisters.aws_iot.errors import invalid
from mock_nrfcloud.sisters.aws_iot.jobs import MAX_TARGETS, Selection
from mock_nrfcloud.sisters.aws_iot.lifecycle import Status

MAX_DETAILS: Final = 10
"""Pairs of status details at most."""
MAX_DETAIL: Final = 1024
"""Characters of the value of a status detail at most."""
MAX_RESULTS: Final = 250
"""The longest page of a list."""

_JOB_ID: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_THING_NAME: Final = re.compile(r"[a-zA-Z0-9:_-]{1,128}")
_TARGET: Final = re.compile(
    r"arn:aws(?:-[a-z-]+)?:iot:[a-z0-9-]+:[0-9]{12}:(thing|thinggroup)/(.+)"
)

Long = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Details = dict[str, str]


class CreateJob(Struct, rename="camel"):
    """The body of CreateJob. Members that are not here are accepted and make no difference."""

    targets: Annotated[list[str], Meta(min_length=1, max_length=MAX_TARGETS)]
    document: Annotated[str, Meta(max_length=32768)] | None = None
    document_source: Annotated[str, Meta(min_length=1, max_length=1350)] | None = None
    description: Annotated[str, Meta(max_length=2028)] = ""
    target_selection: Selection = "SNAPSHOT"


class CancelJob(Struct, rename="camel"):
    """The body of CancelJob."""

    reason_code: Annotated[str, Meta(max_length=128, pattern="^[A-Z0-9_]*$")] | None = None
    comment: Annotated[str, Meta(max_length=2028)] | None = None


class CancelExecution(Struct, rename="camel"):
    """The body of CancelJobExecution."""

    expected_version: Long | None = None
    status_details: Details | None = None


class UpdateExecution(Struct, rename="camel"):
    """The body of UpdateJobExecution."""

    status: Status
    status_details: Details | None = None
    expected_version: Long | None = None
    execution_number: Long | None = None
    include_job_execution_state: bool = False
    include_job_document: bool = False


class StartNext(Struct, rename="camel"):
    """The body of StartNextPendingJobExecution."""

    status_details: Details | None = None


Body = TypeVar("Body", CreateJob, CancelJob, CancelExecution, UpdateExecution, StartNext)


def body(request: HttpRequest, kind: type[Body]) -> Body:
    """The JSON body of a request; none is like `{}`. Raises ApiError."""
    try:
        value = json_value(request.body) if request.body else {}
        found = msgspec.convert(value, kind)
        msgspec.json.encode(found)  # what cannot be written again could not be told of
    except UnicodeEncodeError:
        raise invalid("the body has half of a character") from None
    except (ValueError, msgspec.ValidationError) as error:
        raise invalid(str(error)) from None
    check_details(getattr(found, "status_details", None))
    return found


def check_details(details: Mapping[str, str] | None) -> None:
    """Raise ApiError unless these can be status details."""
    if details is None:
        return
    if len(details) > MAX_DETAILS:
        raise invalid(f"statusDetails has {len(details)} pairs: at most {MAX_DETAILS} are allowed")
    for key, value in details.items():
        if not _THING_NAME.fullmatch(key):
            raise invalid(
                f"The key {key[:200]!r} of statusDetails is not of 1 to 128 characters of"
                " a-z, A-Z, 0-9, :, _ and -"
            )
        if not 1 <= len(value) <= MAX_DETAIL:
            raise invalid(f"The value of {key!r} is not of 1 to {MAX_DETAIL} characters")
        # The pattern of the reference is [^\p{C}]*+, which `re` does not know.
        if any(unicodedata.category(character).startswith("C") for character in value):
            raise invalid(f"The value of {key!r} has a control character or the like")


def check_names(*, job: str | None = None, thing: str | None = None) -> None:
    """Raise ApiError unless these can be the ID of a job and the name of a thing."""
    if job is not None and not _JOB_ID.fullmatch(job):
        raise invalid(
            f"The jobId {job[:200]!r} is not of 1 to 64 characters of a-z, A-Z, 0-9, _, -"
        )
    if thing is not None and not _THING_NAME.fullmatch(thing):
        raise invalid(
            f"The thingName {thing[:200]!r} is not of 1 to 128 characters of"
            " a-z, A-Z, 0-9, :, _ and -"
        )


def target_thing(arn: str) -> str:
    """The thing that the target of a job names. Raises ApiError if it is none."""
    target = _TARGET.fullmatch(arn)
    if target is None:
        raise invalid(f"{arn[:200]!r} is no ARN of a thing")
    if target[1] != "thing":
        raise invalid(f"{arn[:200]!r}: this twin of AWS IoT knows no groups of things")
    check_names(thing=target[2])
    return target[2]


def flag(request: HttpRequest, name: str) -> bool:
    """A parameter that is `true`, or `false` if it is not given. Raises ApiError."""
    value = parameter(request, name) or "false"
    if value not in ("true", "false"):
        raise invalid(f"{name} is {value[:100]!r}: it can be true or false")
    return value == "true"


def number(request: HttpRequest, name: str) -> int | None:
    """A parameter that is a whole number, if it is given. Raises ApiError."""
    value = parameter(request, name)
    if value is None:
        return None
    if not re.fullmatch(r"-?[0-9]{1,18}", value, re.ASCII):
        raise invalid(f"{name} is {value[:100]!r}: it can be a whole number")
    return int(value)


def status(request: HttpRequest) -> Status | None:
    """The status that is asked for, if one is. Raises ApiError."""
    value = parameter(request, "status")
    if value is not None and value not in list(Status):
        raise invalid(f"There is no status {value[:100]!r}")
    return None if value is None else Status(value)


def parameter(request: HttpRequest, name: str) -> str | None:
    """The first value of a parameter of the query."""
    return next((value for key, value in request.query if key == name), None)


def page(request: HttpRequest, items: list[Any]) -> tuple[list[Any], str | None]:
    """The part of a list that is asked for, and the token of what follows it. Raises ApiError."""
    size = number(request, "maxResults")
    size = MAX_RESULTS if size is None else size
    if not 1 <= size <= MAX_RESULTS:
        raise invalid(f"maxResults is {size}: it can be 1 to {MAX_RESULTS}")
    token = parameter(request, "nextToken")
    if token is not None and not re.fullmatch(r"[0-9]{1,18}", token, re.ASCII):
        raise invalid(f"{token[:100]!r} is no nextToken of this list")
    start = int(token or 0)
    end = start + size
    return items[start:end], str(end) if end < len(items) else None
