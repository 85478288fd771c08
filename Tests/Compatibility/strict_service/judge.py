"""What is wrong with a request, by the service's own model."""

import json
from urllib.parse import unquote

from botocore.model import OperationModel

from strict_service.http_server import Request
from support import model

BEARER = "X-Amz-Bearer"

# A PUT may carry these beside the headers that its upload names.
HEADERS_OF_HTTP = {"host", "content-length"}


class Violation(Exception):
    """A request that the service would not accept, or a good client would not make."""


def operation_of(request: Request) -> tuple[OperationModel, dict[str, str]]:
    """The operation, and what its path carries."""
    path = request.target
    for operation in model.operations():
        if operation.http["method"] == request.method:
            prefix, _, label = operation.http["requestUri"].partition("{")
            if label and path.startswith(prefix) and len(path) > len(prefix):
                return operation, {label.rstrip("}"): unquote(path[len(prefix) :])}
            if path == operation.http["requestUri"]:
                return operation, {}
    raise Violation(f"the model has no {request.method} {path}")


def token_of(request: Request) -> str:
    tokens = request.values(BEARER)
    if len(tokens) != 1:
        raise Violation(f"{len(tokens)} {BEARER} headers")
    return tokens[0]


def body_of(operation: OperationModel, request: Request, data: bytes, from_path: dict[str, str]) -> dict:
    """The request's members from its body, once they are known to be in order."""
    if operation.http["method"] == "GET":
        if data:
            raise Violation(f"{operation.name}: a GET with a body")
        body = {}
    else:
        body = _json_object(operation, request, data)
    members = from_path | body | {_token_member(operation): token_of(request)}
    shapes = operation.input_shape.members
    misplaced = [name for name in body if name in shapes and shapes[name].serialization.get("location")]
    problems = [f"{name} belongs into the header or the path" for name in misplaced]
    problems += model.input_violations(operation, members)
    problems += [
        f"{name} is missing, which every SDK fills in"
        for name, shape in shapes.items()
        if shape.metadata.get("idempotencyToken") and not body.get(name)
    ]
    if problems:
        raise Violation(f"{operation.name}: {'; '.join(problems)}")
    return members


def upload_problems(request: Request, signed: dict[str, str], size: int) -> list[str]:
    """How a PUT's headers differ from those that were signed."""
    expected = {name.lower(): value for name, value in signed.items()} | {"content-length": str(size)}
    names = [name.lower() for name, _ in request.headers]
    problems = [f"{name} is not asked for" for name in names if name not in expected.keys() | HEADERS_OF_HTTP]
    problems += [f"{name} comes {names.count(name)} times" for name in dict.fromkeys(names) if names.count(name) > 1]
    for name, value in expected.items():
        values = request.values(name)
        if not values:
            problems.append(f"{name} is missing")
        elif values[0] != value:
            problems.append(f"{name} is {values[0]!r}, but {value!r} was signed")
    return problems


def _json_object(operation: OperationModel, request: Request, data: bytes) -> dict:
    types = [value.split(";")[0].strip() for value in request.values("Content-Type")]
    if types != ["application/json"]:
        raise Violation(f"{operation.name}: the content type is {types or 'missing'}")
    try:
        body = json.loads(data.decode(), object_pairs_hook=_without_duplicates)
    except ValueError as error:
        raise Violation(f"{operation.name}: the body is no JSON ({error}): {data[:200]!r}") from None
    if not isinstance(body, dict):
        raise Violation(f"{operation.name}: the body is no object: {data[:200]!r}")
    return body


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key comes twice")
    return dict(pairs)


def _token_member(operation: OperationModel) -> str:
    return next(name for name, shape in operation.input_shape.members.items() if shape.serialization.get("location") == "header")
