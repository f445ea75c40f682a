"""How much may be on its way to a terminal over a slow line, so that no key waits on bytes older than itself.

Between the console and the terminal lie buffers (the SSH server's, the kernel's, the network's) that take far more
than the line carries. What is in them cannot be taken back, and is shown before what a later key has changed. So the
terminal is asked something after every window of bytes, and until it has answered no more than one further window is
written; frames merge meanwhile. The window follows the delay of the answers, as in TCP Vegas (Brakmo and Peterson,
1995): when answers begin to take longer than the quickest did, bytes queue somewhere, and the window is halved.
"""

from __future__ import annotations

SMALLEST, FIRST, LARGEST = 512, 2048, 1 << 16
"""Bytes of a window."""

PATIENCE = 2.0
"""Seconds after which an answer is no longer waited for."""

IDLE = 0.5
"""Seconds without a byte after which those before are no longer counted: they have arrived."""

QUEUED = 0.04
"""Seconds, beside the quickest answer's, from which an answer is late."""


class Pace:
    """The pace of one terminal. Times are in seconds of one clock that only goes forward.

    Until the terminal has answered once, as not all do, nothing is held back.
    """

    def __init__(self) -> None:
        self.window = FIRST
        self._answers = False
        self._quickest = float("inf")
        self._asked_at: float | None = None
        self._written = 0
        self._wrote_at = float("-inf")

    def wrote(self, count: int, now: float) -> bool:
        """So many bytes are written; whether the terminal is to be asked now."""
        if now - self._wrote_at > IDLE:
            self._written = 0
        self._wrote_at = now
        self._written += count
        if not self._answers or self._asked_at is not None or self._written < self.window:
            return False
        self._asked_at, self._written = now, 0
        return True

    def answered(self, now: float) -> None:
        """The terminal has answered."""
        self._answers = True
        if self._asked_at is None:
            return
        delay, self._asked_at = now - self._asked_at, None
        self._quickest = min(self._quickest, delay)
        late = delay > 1.25 * self._quickest + QUEUED
        self.window = max(SMALLEST, self.window // 2) if late else min(LARGEST, self.window * 2)

    def wait(self, now: float) -> float:
        """For how many seconds nothing may be written, unless the terminal answers before; 0 if it may."""
        if self._asked_at is None or self._written < self.window:
            return 0
        left = self._asked_at + PATIENCE - now
        if left <= 0:  # it has gone quiet: its own buffers will have to hold us back
            self._answers, self._asked_at = False, None
        return max(left, 0)
