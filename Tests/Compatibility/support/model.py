"""The service's own model, as botocore ships it, and whether a value keeps to it."""

import re
from functools import cache

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator


@cache
def service_model(name: str = "connectparticipant") -> ServiceModel:
    return botocore.session.Session().get_service_model(name)


@cache
def operations() -> tuple[OperationModel, ...]:
    model = service_model()
    return tuple(model.operation_model(name) for name in model.operation_names)


def operation(name: str) -> OperationModel:
    return service_model().operation_model(name)


def input_violations(model: OperationModel, members: dict) -> list[str]:
    """What is wrong with a request; `members` are those of the body, the headers and the path together."""
    report = ParamValidator().validate(members, model.input_shape)
    problems = [report.generate_report()] if report.has_errors() else []
    return problems + shape_violations(members, model.input_shape)


def output_violations(name: str, body: dict) -> list[str]:
    shape = operation(name).output_shape
    return shape_violations(body, shape) if shape else []


def shape_violations(value, shape: Shape, path: str = "") -> list[str]:
    """What botocore's validator lets pass as well: maxima, enumerations, patterns, and members that the model does not have."""
    check = {
        "structure": _structure_violations,
        "list": _list_violations,
        "map": _map_violations,
        "string": _string_violations,
        "integer": _number_violations,
        "long": _number_violations,
        "boolean": _boolean_violations,
    }[shape.type_name]
    return check(value, shape, path or shape.name)


def _structure_violations(value, shape, path):
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is not an object"]
    missing = [f"{path}.{name}: is required" for name in shape.required_members if name not in value]
    unknown = [f"{path}.{name}: the model has no such member" for name in value if name not in shape.members]
    wrong = [
        problem
        for name, member in shape.members.items()
        if name in value
        for problem in shape_violations(value[name], member, f"{path}.{name}")
    ]
    return missing + unknown + wrong


def _list_violations(value, shape, path):
    if not isinstance(value, list):
        return [f"{path}: {value!r} is not a list"]
    wrong = [problem for index, item in enumerate(value) for problem in shape_violations(item, shape.member, f"{path}[{index}]")]
    return _range_violations(len(value), shape, path, "elements") + wrong


def _map_violations(value, shape, path):
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is not a map"]
    return [
        problem
        for key, item in value.items()
        for problem in shape_violations(key, shape.key, f"{path} key") + shape_violations(item, shape.value, f"{path}.{key}")
    ]


def _string_violations(value, shape, path):
    if not isinstance(value, str):
        return [f"{path}: {value!r} is not a string"]
    problems = _range_violations(len(value), shape, path, "characters")
    if shape.enum and value not in shape.enum:
        problems.append(f"{path}: {value!r} is none of {', '.join(shape.enum)}")
    pattern = shape.metadata.get("pattern")
    # Patterns with \p{...} are beyond Python's re; no operation that is tested sends a value of such a shape.
    if pattern and "\\p{" not in pattern and not re.fullmatch(pattern, value):
        problems.append(f"{path}: {value!r} does not match {pattern}")
    return problems


def _number_violations(value, shape, path):
    if not isinstance(value, int) or isinstance(value, bool):
        return [f"{path}: {value!r} is not an integer"]
    return _range_violations(value, shape, path, "")


def _boolean_violations(value, shape, path):
    return [] if isinstance(value, bool) else [f"{path}: {value!r} is not a boolean"]


def _range_violations(size, shape, path, unit):
    minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
    if minimum is not None and size < minimum:
        return [f"{path}: {size} {unit} are less than {minimum}"]
    if maximum is not None and size > maximum:
        return [f"{path}: {size} {unit} are more than {maximum}"]
    return []
