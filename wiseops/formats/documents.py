"""Reading a JSON document by name and type, with the path of whatever is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wiseops.domain.errors import Refused

LARGEST = 1_000_000_000
_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Node:
    """An object of the document and where it stands."""

    value: Any
    path: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.value, dict):
            raise Refused("An object is expected here.", self.path or "document")

    def at(self, name: str) -> str:
        """The path of one of its members."""
        return ".".join(part for part in (self.path, name) if part) or "document"

    def refused(self, name: str, message: str) -> Refused:
        return Refused(message, self.at(name))

    def only(self, *names: str) -> None:
        """Refuses members of any other name: a slip of the pen is not silently ignored."""
        for name in self.value:
            if name not in names:
                raise self.refused(name, f"This is not known here. There are {', '.join(names)}.")

    def has(self, name: str) -> bool:
        """Whether it is there and not null."""
        return self.value.get(name) is not None

    def text(self, name: str, *, default: str = _MISSING) -> str:
        return str(self._read(name, str, "A text", default))

    def number(self, name: str, *, default: int = _MISSING) -> int:
        value = self._read(name, int, "A whole number", default)
        if isinstance(value, bool) or abs(value) > LARGEST:
            raise self.refused(name, "A whole number is expected here.")
        return int(value)

    def flag(self, name: str, *, default: bool = _MISSING) -> bool:
        return bool(self._read(name, bool, "true or false", default))

    def texts(self, name: str) -> list[str]:
        """A list of texts; one text alone counts as its only member."""
        value = self.value.get(name)
        return self._list(name, [value] if isinstance(value, str) else value, str, "A list of texts")

    def numbers(self, name: str) -> list[int]:
        return self._list(name, self.value.get(name), int, "A list of whole numbers")

    def amounts(self, name: str) -> dict[str, str]:
        """Currency → decimal string."""
        value = self.value.get(name) or {}
        if not isinstance(value, dict) or not all(isinstance(amount, str) for amount in value.values()):
            raise self.refused(name, 'Amounts are written like {"DKK": "5.00"}.')
        return dict(value)

    def node(self, name: str) -> Node:
        """An object; an empty one where it is missing."""
        return Node(self.value[name] if self.has(name) else {}, self.at(name))

    def nodes(self, name: str) -> Iterator[Node]:
        """The objects of a list; none where it is missing."""
        for index, value in enumerate(self._list(name, self.value.get(name), dict, "A list of objects")):
            yield Node(value, self.at(f"{name}[{index}]"))

    def _read(self, name: str, kind: type, what: str, default: Any) -> Any:
        value = self.value.get(name)
        if value is None and default is not _MISSING:
            return default
        if not isinstance(value, kind):
            raise self.refused(name, f"{what} is expected here.")
        return value

    def _list(self, name: str, value: Any, kind: type, what: str) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(v, kind) and not isinstance(v, bool) for v in value):
            raise self.refused(name, f"{what} is expected here.")
        return value
