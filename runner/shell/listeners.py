"""Listeners to what happens in a terminal."""

import logging
from collections.abc import Callable
from typing import Generic, ParamSpec

_log = logging.getLogger(__name__)
_Told = ParamSpec("_Told")


class Listeners(Generic[_Told]):
    """Callables that are told in turn; one that raises disturbs neither the others nor the teller."""

    def __init__(self) -> None:
        self._listeners: tuple[Callable[_Told, None], ...] = ()

    def add(self, listener: Callable[_Told, None]) -> None:
        """Have `listener` told from now on."""
        self._listeners = (*self._listeners, listener)

    def tell(self, *told: _Told.args, **named: _Told.kwargs) -> None:
        """Tell all of them."""
        for listener in self._listeners:
            try:
                listener(*told, **named)
            except Exception:  # noqa: BLE001  # whatever it is, the terminal goes on; it is logged
                _log.exception("a listener to a terminal failed")
