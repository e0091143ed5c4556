"""The places of a file by the container that they are about."""

from bisect import bisect_left
from collections.abc import Iterable

from runner.profile.holders.found import Container, Place
from runner.profile.holders.kubernetes import pod_of_annotation

_POD = ".securityContext"
_AFTER_DOT = "/"
"""The character after the dot, with which a sorted list of paths ends those below a container's."""


class Places:
    """Places of one kind, indexed once: a file may have thousands of containers, each with its places."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = tuple(places)
        self._annotations: dict[tuple[str, str], int] = {}
        self._pods: dict[str, int] = {}
        """The first place of each pod, by the path of its `spec`."""
        self._paths: list[tuple[str, int]] = []
        for index, place in enumerate(self._places):
            if annotation := pod_of_annotation(place.where):
                self._annotations.setdefault(annotation, index)
                continue
            self._paths.append((place.where, index))
            pod, sign, _ = place.where.partition(_POD)
            if sign:
                self._pods.setdefault(pod, index)
        self._paths.sort()

    def own(self, container: Container) -> Place | None:
        """The first place that is about the container alone."""
        start, end = 0, len(self._paths)
        if container.where:
            start = bisect_left(self._paths, (f"{container.where}.", -1))
            end = bisect_left(self._paths, (f"{container.where}{_AFTER_DOT}", -1))
        found = [index for _, index in self._paths[start:end]]
        annotation = self._annotations.get((_spec(container), container.name.rpartition("/")[2]))
        return self._first((*found, annotation))

    def nearest(self, container: Container) -> Place | None:
        """The first place about the container alone, or else about all containers of its pod."""
        if own := self.own(container):
            return own
        pod = self._pods.get(_spec(container)) if container.kubernetes else None
        return self._first((pod, self._annotations.get((_spec(container), ""))))

    def _first(self, indices: Iterable[int | None]) -> Place | None:
        index = min((each for each in indices if each is not None), default=None)
        return None if index is None else self._places[index]


def _spec(container: Container) -> str:
    """The path of the `spec` of a container's pod."""
    return container.where.rpartition(".")[0]
