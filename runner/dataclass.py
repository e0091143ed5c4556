"""`@dataclass` as in the standard library, for commands that end at once.

The standard one writes and compiles six functions for each class when its module is imported, and imports `inspect` for
that: a third of all that a profile command does. Here all classes share what they can, and `__init__` is compiled when
the first value is made. A class that asks for more than plain fields in slots gets the standard one.
"""

import sys
from operator import attrgetter

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, NoReturn

_COMPARING = ("__eq__", "__hash__", "__lt__")
_UNUSUAL = ("ClassVar", "InitVar", "KW_ONLY")


def _dataclass(
    cls: "type | None" = None,
    /,
    *,
    frozen: bool = False,
    slots: bool = False,
    kw_only: bool = False,
    order: bool = False,
    eq: bool = True,
    **more: bool,
) -> "Any":
    """As `dataclasses.dataclass`, whose functions `fields`, `replace` and `asdict` take these classes, too."""

    def make(cls: type) -> type:
        if slots and not more and _is_plain(cls, eq=eq):
            return _made(cls, frozen=frozen, kw_only=kw_only, order=order, eq=eq)
        from dataclasses import dataclass as standard  # noqa: PLC0415 - slow to import

        return standard(frozen=frozen, slots=slots, kw_only=kw_only, order=order, eq=eq, **more)(cls)

    return make if cls is None else make(cls)


def _replace(value: "Any", /, **changes: "Any") -> "Any":
    """As `dataclasses.replace`."""
    names = getattr(type(value), "_plain_fields", None)
    if names is None:
        from dataclasses import replace as standard  # noqa: PLC0415 - as above

        return standard(value, **changes)
    return type(value)(**({name: getattr(value, name) for name in names} | changes))


def _is_plain(cls: type, *, eq: bool) -> bool:
    """Whether fields, their defaults and methods are all that a class has; with `eq`, none of these compares."""
    own = cls.__dict__
    annotations = own.get("__annotations__", {})
    return (
        cls.__bases__ == (object,)
        and bool(annotations)
        and not any(name in own for name in ("__init__", "__slots__", *(_COMPARING if eq else ())))
        and all(_is_value(own.get(name)) for name in annotations)
        and not any(_is_unusual(annotation) for annotation in annotations.values())
    )


def _is_value(default: object) -> bool:
    """Whether a default is one, and no word on how its field is to be made."""
    kind = type(default)
    return kind.__hash__ is not None and not hasattr(kind, "__get__") and kind.__module__ != "dataclasses"


def _is_unusual(annotation: object) -> bool:
    """Whether it makes no field that a value has."""
    if isinstance(annotation, str):
        return any(word in annotation for word in _UNUSUAL)
    named = getattr(annotation, "__origin__", annotation)
    known = [
        getattr(sys.modules.get(module), word, None)
        for module in ("typing", "dataclasses")
        for word in _UNUSUAL
    ]
    return any(each is not None and (named is each or type(named) is each) for each in known)


def _made(cls: type, *, frozen: bool, kw_only: bool, order: bool, eq: bool) -> type:
    namespace = dict(cls.__dict__)
    names = tuple(namespace["__annotations__"])
    defaults = {name: namespace.pop(name) for name in names if name in namespace}
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    namespace |= {
        "__slots__": names,
        "__qualname__": cls.__qualname__,
        "_plain_fields": names,
        "__init__": _first_init(defaults, kw_only=kw_only),
        "__dataclass_fields__": _AsStandard("__dataclass_fields__", defaults, frozen=frozen, kw_only=kw_only),
        "__dataclass_params__": _AsStandard("__dataclass_params__", defaults, frozen=frozen, kw_only=kw_only),
    }
    if frozen:
        namespace |= _FROZEN
    namespace.setdefault("__repr__", _representation)
    namespace.setdefault("__match_args__", () if kw_only else names)
    if eq:
        namespace |= _comparisons(names, frozen=frozen, order=order)
    return type(cls)(cls.__name__, cls.__bases__, namespace)


def _first_init(defaults: "Mapping[str, Any]", *, kw_only: bool) -> "Callable[..., None]":
    """An `__init__` that puts the compiled one into its place."""

    def __init__(self: "Any", *args: "Any", **kwargs: "Any") -> None:  # noqa: N807
        owner: Any = type(self)
        while "_plain_fields" not in owner.__dict__:
            owner = owner.__base__
        owner.__init__ = _compiled_init(owner, defaults, kw_only=kw_only)
        owner.__init__(self, *args, **kwargs)

    return __init__


def _compiled_init(owner: "Any", defaults: "Mapping[str, Any]", *, kw_only: bool) -> "Any":
    names = owner._plain_fields  # noqa: SLF001 - of a class that was made here
    taken = [f"{name}=_default_{name}" if name in defaults else name for name in names]
    lines = [f"def __init__(self, {'*, ' if kw_only else ''}{', '.join(taken)}):"]
    lines += [f" _set_{name}(self, {name})" for name in names]
    if "__post_init__" in owner.__dict__:
        lines.append(" self.__post_init__()")
    namespace = {f"_default_{name}": value for name, value in defaults.items()}
    namespace |= {f"_set_{name}": owner.__dict__[name].__set__ for name in names}
    exec("\n".join(lines), namespace)  # noqa: S102 - as the standard library does; a field's name is an identifier
    made = namespace["__init__"]
    made.__qualname__ = f"{owner.__qualname__}.__init__"
    made.__annotations__ = {**owner.__annotations__, "return": None}
    return made


def _comparisons(names: "tuple[str, ...]", *, frozen: bool, order: bool) -> "dict[str, Any]":
    """The functions that compare values of one class by their fields."""
    read = attrgetter(*names)
    values = read if len(names) > 1 else lambda value: (read(value),)

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        return bool(values(self) == values(other)) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(values(self))

    def __lt__(self: object, other: object) -> bool:  # noqa: N807
        return bool(values(self) < values(other)) if other.__class__ is self.__class__ else NotImplemented

    def __le__(self: object, other: object) -> bool:  # noqa: N807
        return bool(values(self) <= values(other)) if other.__class__ is self.__class__ else NotImplemented

    def __gt__(self: object, other: object) -> bool:  # noqa: N807
        return bool(values(self) > values(other)) if other.__class__ is self.__class__ else NotImplemented

    def __ge__(self: object, other: object) -> bool:  # noqa: N807
        return bool(values(self) >= values(other)) if other.__class__ is self.__class__ else NotImplemented

    ordered = {"__lt__": __lt__, "__le__": __le__, "__gt__": __gt__, "__ge__": __ge__} if order else {}
    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None, **ordered}


def _representation(self: "Any") -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._plain_fields)
    return f"{type(self).__qualname__}({shown})"


def _refuse_assignment(_: object, name: str, __: object) -> "NoReturn":
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - as above

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deletion(_: object, name: str) -> "NoReturn":
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - as above

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: "Any") -> "list[Any]":
    return [getattr(self, name) for name in self._plain_fields]


def _restore(self: "Any", state: "list[Any]") -> None:
    for name, value in zip(self._plain_fields, state, strict=True):
        object.__setattr__(self, name, value)


_FROZEN = {
    "__setattr__": _refuse_assignment,
    "__delattr__": _refuse_deletion,
    "__getstate__": _state,
    "__setstate__": _restore,
}


class _AsStandard:
    """What the standard library's functions look for in a class, made when they look for it."""

    def __init__(self, attribute: str, defaults: "Mapping[str, Any]", *, frozen: bool, kw_only: bool) -> None:
        self._attribute = attribute
        self._defaults = defaults
        self._frozen, self._kw_only = frozen, kw_only
        self._found: dict[type, Any] = {}

    def __get__(self, _: object, owner: "Any") -> "Any":
        if owner not in self._found:
            self._found[owner] = self._made_for(owner)
        return self._found[owner]

    def _made_for(self, owner: "Any") -> "Any":
        from dataclasses import field, make_dataclass  # noqa: PLC0415 - as above

        fields = [
            (name, kind, field(default=self._defaults[name])) if name in self._defaults else (name, kind)
            for name, kind in owner.__annotations__.items()
        ]
        made = make_dataclass(owner.__name__, fields, frozen=self._frozen, kw_only=self._kw_only)
        return getattr(made, self._attribute)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - what a type checker knows
    from dataclasses import replace as replace  # noqa: PLC0414
else:
    dataclass, replace = _dataclass, _replace
