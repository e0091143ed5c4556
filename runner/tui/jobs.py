"""Blocking work, done in order beside the user interface."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Jobs:
    """Runs one call at a time, each in a thread that does not keep the program from ending."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def run(self, call: Callable[[], _Result]) -> _Result:
        """The result or exception of `call`, once all earlier calls are done."""
        async with self._turn:
            return await in_thread(call)


async def in_thread(call: Callable[[], _Result]) -> _Result:
    """The result or exception of `call`, run in a new thread.

    If the waiting task is cancelled, the thread goes on to its end, and its result is lost.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()
    threading.Thread(target=_work, args=(loop, done, call), name="job", daemon=True).start()
    return await done


def _work(
    loop: asyncio.AbstractEventLoop, done: "asyncio.Future[_Result]", call: Callable[[], _Result]
) -> None:
    try:
        result = call()
    except BaseException as error:  # noqa: BLE001 (raised again where the call is waited for)
        # The loop is closed if the program has ended meanwhile.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_unless_done, done, done.set_exception, error)
    else:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_unless_done, done, done.set_result, result)


def _unless_done(done: "asyncio.Future[Any]", settle: Callable[[Any], None], value: object) -> None:
    """Settle the future, unless the waiting task was cancelled."""
    if not done.done():
        settle(value)
