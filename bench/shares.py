"""What a long piece of work is spent on: seconds by the function that is in it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def measured(parts: Mapping[str, tuple[ModuleType, str]]) -> Iterator[Counter[str]]:
    """Counts the seconds in each function, named by its module and name; what one spends in another is the other's."""
    seconds: Counter[str] = Counter()
    with ExitStack() as stack:
        for part, (module, name) in parts.items():
            real = getattr(module, name)
            setattr(module, name, _timed(real, part, seconds))
            stack.callback(setattr, module, name, real)
        yield seconds


def _timed(real: Callable[..., Any], part: str, seconds: Counter[str]) -> Callable[..., Any]:
    def work(*args: Any, **named: Any) -> Any:
        began, within = time.perf_counter(), seconds.total()
        try:
            return real(*args, **named)
        finally:
            seconds[part] += time.perf_counter() - began - (seconds.total() - within)

    return work
