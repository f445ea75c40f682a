"""Processes that help where there is much to compute: started when first needed, gone with whoever needed them."""

import asyncio
import gc
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, asynccontextmanager
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

from console.data.errors import Refused

KILLED = (
    "A process that helped was killed, perhaps because memory ran out. Run it again with --processes 1: "
    "what is done is kept."
)
_SELDOM = (200_000, 20, 50)
T = TypeVar("T")
V = TypeVar("V")


class Crew:
    """A thread for what is small, and ``processes`` for what is worth their start, where these are two or more."""

    def __init__(self, processes: int, running: ExitStack) -> None:
        self._processes = processes
        self._running = running
        self._thread: Executor | None = None
        self._pool: Executor | None = None

    def width(self, *, many: bool) -> int:
        """How many calls can be at work at a time; processes that have been started are used for anything."""
        return self._processes if many or self._pool is not None else 1

    def call(self, function: Callable[..., T], *args: Any, many: bool = False) -> "asyncio.Future[T]":
        """Begin a call, apart from the event loop; of ``many`` the function and what it is given must be picklable."""
        executor = self._started() if self.width(many=many) > 1 else self._alone()
        return asyncio.get_running_loop().run_in_executor(executor, function, *args)

    async def calls(
        self, function: Callable[[V], T], given: Iterable[V], *, many: bool = False
    ) -> AsyncIterator[T]:
        """What a function makes of each of these, in order; some are made ahead."""
        each = iter(given)
        ahead = self.width(many=many) + 1
        waiting = deque(self.call(function, one, many=many) for one in islice(each, ahead))
        try:
            while waiting:
                made = await waiting.popleft()
                waiting.extend(self.call(function, one, many=many) for one in islice(each, 1))
                yield made
        except BrokenProcessPool as error:
            raise Refused(KILLED) from error
        finally:
            for left in waiting:
                if not left.cancel() and not left.cancelled():
                    left.exception()  # which nobody asks for any more

    def _alone(self) -> Executor:
        if self._thread is None:
            self._thread = self._running.enter_context(ThreadPoolExecutor(1))
        return self._thread

    def _started(self) -> Executor:
        if self._pool is None:
            begun = ProcessPoolExecutor(self._processes, get_context("spawn"), _begin, (os.getpid(),))
            self._pool = self._running.enter_context(begun)
        return self._pool


@asynccontextmanager
async def crew(processes: int) -> AsyncIterator[Crew]:
    """A crew, dismissed at the end; what is at work then is waited for.

    Meanwhile cycles are looked for seldom: there are few, and much that is none.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        with ExitStack() as running:
            yield Crew(processes, running)
    finally:
        gc.set_threshold(*before)


def _begin(parent: int) -> None:
    """Let this process end with the one that started it, however that ends.

    Nothing that is computed here refers to itself, and to look for what does would take a third of the time.
    """
    import threading
    import time

    gc.disable()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
