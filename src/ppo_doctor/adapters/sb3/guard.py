"""Two promises to the user's training: an error of ours never reaches it, and it is hardly slowed."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Any


class Guard:
    """Runs parts of our own work. A part that fails is told of once, kept in `errors`, and not run again."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.errors: dict[str, str] = {}
        """Part -> traceback."""

    def run(self, part: str, function: Callable[..., Any], *args: Any) -> Any:
        """`function(*args)`, or None if `part` fails or has failed before."""
        if part in self.errors:
            return None
        try:
            return function(*args)
        except Exception as error:  # noqa: BLE001  # the promise above
            self.errors[part] = traceback.format_exc()
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            self._say(f"ppo-doctor: cannot {part} ({reason}); the training goes on without it")
            return None


class Allowance:
    """Holds the cost of some work below a share of the time that passes."""

    def __init__(self, share: float, expected: float = 0.0) -> None:
        """`expected`: seconds that the first time will take; 0 grants it at once."""
        self._share, self._begin = share, time.perf_counter()
        self._spent, self._last = 0.0, expected

    def may(self) -> bool:
        """Whether doing it once more, at the cost of the last time, stays within the share."""
        passed = time.perf_counter() - self._begin
        return self._last == 0.0 or self._spent + self._last <= self._share * passed

    def pay(self, seconds: float) -> None:
        """Account for a piece of work."""
        self._spent += seconds
        self._last = seconds
