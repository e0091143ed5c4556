"""A class made here behaves as one of the standard library's."""

import copy
import dataclasses
import pickle
from typing import ClassVar

import pytest

from runner.dataclass import dataclass, replace


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A value."""

    x: int
    y: int = 2

    def swapped(self) -> "Point":
        return Point(self.y, self.x)


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class StandardPoint:
    """A value."""

    x: int
    y: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    name: str
    point: Point = Point(0)


@dataclass(slots=True)
class Changing:
    name: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    only: int

    def __post_init__(self) -> None:
        if self.only < 0:
            raise ValueError("negative")


@dataclass(frozen=True, slots=True)
class Unusual:
    """Not plain: the standard library makes it."""

    limit: ClassVar[int] = 3
    names: list[str] = dataclasses.field(default_factory=list)


def test_values_are_made_and_compared_as_the_standard_ones():
    for kind in (Point, StandardPoint):
        assert (kind(1).x, kind(1).y, kind(1, y=5).y) == (1, 2, 5)
        assert kind(1) == kind(1, 2) != kind(1, 3)
        assert hash(kind(1)) == hash(kind(1, 2))
        assert sorted([kind(2), kind(1, 9), kind(1)]) == [kind(1), kind(1, 9), kind(2)]
        assert kind(1) <= kind(1) < kind(2) >= kind(2) > kind(1)
        assert kind.__match_args__ == ("x", "y")
        assert not hasattr(kind(1), "__dict__")
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
            kind(1).x = 2
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
            del kind(1).x
        with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
            kind()
        with pytest.raises(TypeError):
            assert kind(1) < 3
    assert Point(1) != StandardPoint(1)
    assert repr(Point(1)) == "Point(x=1, y=2)"
    assert Point(1).swapped() == Point(2, 1)


def test_the_functions_of_the_standard_library_take_them():
    assert [field.name for field in dataclasses.fields(Point)] == ["x", "y"]
    assert dataclasses.fields(Point(1))[1].default == 2
    assert dataclasses.is_dataclass(Named)
    assert dataclasses.asdict(Named(name="a")) == {"name": "a", "point": {"x": 0, "y": 2}}
    assert dataclasses.replace(Point(1), y=7) == replace(Point(1), y=7) == Point(1, 7)
    assert replace(StandardPoint(1), y=7) == StandardPoint(1, 7)
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        replace(Point(1), z=1)
    again = pickle.loads(pickle.dumps(Named(name="a")))  # noqa: S301 - what was pickled here
    assert again == Named(name="a")
    assert copy.deepcopy(Point(3)) == copy.copy(Point(3)) == Point(3)


def test_keyword_only_and_changing_values():
    with pytest.raises(TypeError):
        Named("a")
    changing = Changing("a")
    changing.count += 1
    assert changing == Changing("a", 1)
    with pytest.raises(TypeError, match="unhashable"):
        hash(changing)
    with pytest.raises(AttributeError):
        changing.other = 1


def test_a_value_can_check_itself_each_time():
    assert [Checked(number).only for number in (1, 2)] == [1, 2]
    for _ in range(2):
        with pytest.raises(ValueError, match="negative"):
            Checked(-1)


def test_what_is_not_plain_is_made_by_the_standard_library():
    assert Unusual().names == []
    assert Unusual().names is not Unusual().names
    assert [field.name for field in dataclasses.fields(Unusual)] == ["names"]


def test_a_subclass_of_the_standard_librarys_has_the_fields_of_both():
    @dataclasses.dataclass(frozen=True)
    class Placed(Point):
        z: int = 3

    assert [field.name for field in dataclasses.fields(Placed)] == ["x", "y", "z"]
    assert Placed(1).z == 3


def test_what_the_standard_library_looks_for_is_made_once():
    """To make it takes a thousand times as long as `dataclasses.replace` itself."""
    (first, *_), (again, *_) = dataclasses.fields(Point), dataclasses.fields(Point)
    assert first is again
    assert Named.__dataclass_params__ is Named.__dataclass_params__
