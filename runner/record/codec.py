"""Small frozen dataclasses as JSON objects, and back."""

import dataclasses
import math
import types
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

_Value = TypeVar("_Value")


def packed(value: object) -> dict[str, Any]:
    """The fields of a dataclass as JSON values; the inverse of `unpacked`."""
    assert dataclasses.is_dataclass(value)
    return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def unpacked(kind: type[_Value], data: object) -> _Value:
    """The `kind` that `data` describes. Unknown fields, which a newer version may add, are ignored.

    Raises:
        ValueError: a required field is missing, or one has the wrong type; the message says which.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"{kind.__name__} is not an object")  # noqa: TRY004 (a ValueError is the contract)
    types_ = _types(cast("Any", kind))
    values: dict[str, Any] = {}
    for field in dataclasses.fields(cast("Any", kind)):
        if field.name in data:
            values[field.name] = _typed(types_[field.name], data[field.name], f"{kind.__name__}.{field.name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise ValueError(f"{kind.__name__} has no {field.name}")
    return kind(**values)


@cache
def _types(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, StrEnum):
        return str(value)
    return packed(value) if dataclasses.is_dataclass(value) else value


def _typed(wanted: Any, value: Any, where: str) -> Any:
    """`value` as the type `wanted`; types are JSON's, so true is not a number."""
    origin = get_origin(wanted)
    if origin in {Union, types.UnionType}:
        return _one_of(get_args(wanted), value, where)
    if origin is tuple and isinstance(value, list):
        item = get_args(wanted)[0]
        return tuple(_typed(item, one, where) for one in value)
    if dataclasses.is_dataclass(wanted):
        return unpacked(cast("type[Any]", wanted), value)
    if wanted is type(None) and value is None:
        return None
    if (
        isinstance(wanted, type)
        and issubclass(wanted, StrEnum)
        and type(value) is str
        and value in set(wanted)
    ):
        return wanted(value)
    if wanted is float and type(value) in {int, float} and (number := _finite(value)) is not None:
        return number
    if wanted in {str, int, bool} and type(value) is wanted:
        return value
    raise _refused(value, where)


def _refused(value: Any, where: str) -> ValueError:
    # A list may be nested so deeply that its text cannot be made.
    said = "a list or an object" if isinstance(value, list | Mapping) else repr(str(value)[:40])
    return ValueError(f"{where} cannot be {said}")


def _finite(value: float) -> float | None:
    """The number as a float; None if it is not finite, or too large for a float."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _one_of(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    for choice in choices:
        try:
            return _typed(choice, value, where)
        except ValueError:
            continue
    raise _refused(value, where)
