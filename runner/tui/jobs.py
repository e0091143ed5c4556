"""Blocking work, done in order beside the user interface."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Jobs:
    """Runs one call at a time, each in a thread that does not keep the program from ending.

    A call whose waiting task is cancelled keeps its turn until its thread has ended.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def run(self, call: Callable[[], _Result]) -> _Result:
        """The result or exception of `call`, once all earlier calls are done."""
        await self._turn.acquire()
        job = asyncio.ensure_future(in_thread(call))
        job.add_done_callback(self._done)
        return await asyncio.shield(job)

    def _done(self, job: "asyncio.Future[Any]") -> None:
        self._turn.release()
        if not job.cancelled():
            # The caller may be gone, and then nobody else reads the error.
            job.exception()


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
