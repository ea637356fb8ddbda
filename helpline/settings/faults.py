"""Collect what is wrong with a table of settings, and say all of it at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Value = TypeVar("Value")
Table = Mapping[str, object]

MISSING = "is missing"


class SettingsError(Exception):
    """The process cannot start; ``faults`` says everything that is wrong, not the first thing only."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep *faults*, one sentence each; none holds a secret."""
        super().__init__("\n".join(["The settings are not complete:", *(f"  - {fault}" for fault in faults)]))
        self.faults = tuple(faults)


class Faults:
    """A list that readers add to, and that one ``finish()`` turns into an error."""

    def __init__(self) -> None:
        """Begin without a fault."""
        self.found: list[str] = []

    def add(self, fault: str) -> None:
        """Add one sentence."""
        self.found.append(fault)

    def finish(self) -> None:
        """Go on when nothing was found.

        Raises:
            SettingsError: with everything that was found.
        """
        if self.found:
            raise SettingsError(self.found)


class TableReader:
    """Reads one table of a TOML file; a wrong value becomes a fault and the reading goes on."""

    def __init__(self, table: Table, *, name: str, faults: Faults) -> None:
        """Read from *table*, which the file calls *name*."""
        self._table = table
        self._name = name
        self._faults = faults

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text that is not empty."""
        return self._value(key, str, default=default, is_right=bool, wanted="a text")

    def number(self, key: str, *, default: int | None = None, least: int = 0, most: int = 10_000) -> int:
        """Return a whole number from *least* to *most*."""
        return self._value(
            key,
            int,
            default=default,
            is_right=lambda value: not isinstance(value, bool) and least <= value <= most,
            wanted=f"a whole number from {least} to {most}",
        )

    def decimal(self, key: str, *, most: float = 10_000) -> float:
        """Return a number above zero up to *most*, written with a point."""
        wanted = f"a number with a point, above 0 and at most {most}"
        return self._value(key, float, default=None, is_right=lambda value: 0 < value <= most, wanted=wanted)

    def switch(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        return self._value(key, bool, default=default, is_right=lambda _: True, wanted="true or false")

    def texts(self, key: str, *, allowed: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, at least one, none empty, each of *allowed*."""

        def is_right(values: list[object]) -> bool:
            texts = [value for value in values if isinstance(value, str) and value]
            return texts == values != [] and (allowed is None or set(texts) <= set(allowed))

        wanted = "a list of " + (", ".join(allowed) if allowed else "texts")
        return tuple(str(value) for value in self._value(key, list, default=None, is_right=is_right, wanted=wanted))

    def table(self, key: str) -> "TableReader":
        """Return the table below *key*; an absent one reads as empty, so each of its keys is named as missing."""
        value = self._table.get(key, {})
        if not isinstance(value, Mapping):
            self._faults.add(f"{self._name}.{key} must be a table")
            value = {}
        return TableReader(value, name=f"{self._name}.{key}", faults=self._faults)

    def tables(self, key: str) -> list["TableReader"]:
        """Return the tables of the list below *key*."""
        value = self._table.get(key, [])
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        if not rows:
            self._faults.add(f"{self._name}.{key} must hold at least one table")
        return [
            TableReader(row, name=f"{self._name}.{key}[{index}]", faults=self._faults) for index, row in enumerate(rows)
        ]

    def mapping(self, key: str) -> dict[str, str]:
        """Return the table below *key* as texts by name."""
        reader = self.table(key)
        return {name: reader.text(name) for name in reader.names()}

    def names(self) -> list[str]:
        """Return the keys of this table, in the order of the file."""
        return list(self._table)

    def check(self, key: str, *, holds: bool, wanted: str) -> None:
        """Add a fault about *key* unless what it must be *holds*."""
        if not holds:
            self._faults.add(f"{self._name}.{key} must be {wanted}")

    def _value(
        self,
        key: str,
        kind: type[Value],
        *,
        default: Value | None,
        is_right: Callable[[Value], bool],
        wanted: str,
    ) -> Value:
        value = self._table.get(key, default)
        if value is None:
            self._faults.add(f"{self._name}.{key} {MISSING}")
        elif not isinstance(value, kind) or not is_right(value):
            self._faults.add(f"{self._name}.{key} must be {wanted}")
        else:
            return value
        return kind()
