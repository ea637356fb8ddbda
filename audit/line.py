"""One line of the audit's table: what was looked at, what was reached, and what had to be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What a tool says of one thing. Its *findings* are printed below the table."""

    tool: str
    what: str
    reached: str
    bar: str
    is_missed: bool
    findings: tuple[str, ...] = ()
