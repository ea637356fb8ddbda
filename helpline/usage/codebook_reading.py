"""Read the codebook from its file, or from its own text; say everything that is wrong with it at once."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

from helpline.settings.faults import Faults, SettingsError, TableReader
from helpline.settings.faults import Table as RawTable
from helpline.settings.programme import Programme
from helpline.usage.codebook import FORMAT, Axis, Cell, Codebook, PeriodKind, Rhythm, Table, Unit, Words
from helpline.usage.codebook_rules import STATEMENT_SHAPE, UNIT_CAPS, codebook_faults, is_statement

CODEBOOK = Path(__file__).parent / "codebook.toml"

PRICES = ("1/8", "1/4", "1/2", "1", "2")
"""Powers of two: the scale of the noise is then exact, and so is the price that the mechanism proves."""

SWITCH, LESS = "only_with_count_hours", "epsilon_with_count_hours"
"""Marks a table that is there only where the programme counts hours, and what another one then costs."""

UNIT_PRICE = "{unit_epsilon}"
"""Stands in the file's statement for what all tables of a unit cost; a table's own text has the number."""


def read_codebook(programme: Programme, *, path: Path = CODEBOOK) -> Codebook:
    """Return the codebook in *path*, with the languages, ways and channels of *programme*.

    It speaks the languages of its statement; each of the programme's must be among them.

    Raises:
        SettingsError: with everything that is wrong, also where a table would cost or hold more than its cap.
    """
    faults = Faults()
    try:
        raw: RawTable = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path.name} cannot be read: {error}"]) from error
    reader = TableReader(raw, name=path.name, faults=faults)
    statement = _statement(reader.table("statement"), languages=programme.languages)
    rows = [row for row in reader.tables("table") if programme.count_hours or SWITCH not in row.names()]
    tables = [_table(row, statement=statement, programme=programme) for row in rows]
    return _checked(tables, faults=faults)


def codebook_from(text: str) -> Codebook:
    """Return the codebook whose canonical text this is: as strictly as from its file.

    Raises:
        SettingsError: it is no such text, or one that asks for more than the caps.
    """
    faults = Faults()
    tables = [_table(reader) for reader in _lines(text, faults=faults)]
    return _checked(tables, faults=faults)


@cache
def table_from(text: str) -> Table:
    """Return the table whose canonical text this is.

    Raises:
        SettingsError: it is no such text.
    """
    return codebook_from(text).tables[0]


def _lines(text: str, *, faults: Faults) -> Iterator[TableReader]:
    for number, line in enumerate(text.split("\n")):
        try:
            raw = json.loads(line)
        except ValueError:
            raw = None
        if isinstance(raw, dict) and raw.get("format") == FORMAT:
            yield TableReader(raw, name=f"line {number + 1}", faults=faults)
        else:
            faults.add(f"line {number + 1} is no table of a codebook")


def _table(
    reader: TableReader,
    *,
    statement: Mapping[str, tuple[str, ...]] | None = None,
    programme: Programme | None = None,
) -> Table:
    unit = _unit(reader)
    lines = _statement(reader.table("statement")) if statement is None else statement
    reader.check("statement", holds=bool(lines), wanted="there in one language at least")
    return Table(
        id=reader.text("id"),
        unit=unit,
        period=_period(reader),
        flush=_flush(reader),
        epsilon=_epsilon(reader, key=LESS if programme and programme.count_hours else "epsilon"),
        sensitivity=reader.number("sensitivity", least=1, most=1),
        titles=_words(reader.table("title"), languages=lines),
        definitions=_words(reader.table("definition"), languages=lines),
        statement={language: _priced(texts, unit=unit) for language, texts in lines.items()},
        axes=tuple(_axis(row, languages=lines, programme=programme) for row in _rows(reader, "axis")),
        singles=tuple(_cell(row, languages=lines) for row in _rows(reader, "cell")),
    )


def _rows(reader: TableReader, key: str) -> list[TableReader]:
    return reader.tables(key) if key in reader.names() else []


def _unit(reader: TableReader) -> Unit:
    text = reader.text("unit")
    reader.check("unit", holds=text in set(Unit), wanted="one of " + ", ".join(Unit))
    return Unit(text) if text in set(Unit) else Unit.VISIT


def _period(reader: TableReader) -> PeriodKind:
    text = reader.text("period")
    reader.check("period", holds=text in set(PeriodKind), wanted="one of " + ", ".join(PeriodKind))
    return PeriodKind(text) if text in set(PeriodKind) else PeriodKind.WEEK


def _flush(reader: TableReader) -> Rhythm:
    if "flush" not in reader.names():
        return Rhythm.DAY
    text = reader.text("flush")
    reader.check("flush", holds=text in set(Rhythm), wanted="one of " + ", ".join(Rhythm))
    return Rhythm(text) if text in set(Rhythm) else Rhythm.DAY


def _epsilon(reader: TableReader, *, key: str) -> Fraction:
    key = key if key in reader.names() else "epsilon"
    text = reader.text(key)
    reader.check(key, holds=text in PRICES, wanted=f"one of {', '.join(PRICES)}, in quotes")
    return Fraction(text if text in PRICES else PRICES[0])


def _words(reader: TableReader, *, languages: Iterable[str]) -> Words:
    return {language: reader.text(language) for language in languages}


def _cell(reader: TableReader, *, languages: Iterable[str]) -> Cell:
    return Cell(id=reader.text("id"), labels=_words(reader, languages=languages))


def _statement(reader: TableReader, *, languages: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return the lines of each language that has them and of each of *languages*.

    A table that was counted before a language came keeps its own languages for ever.
    """
    lines = {language: reader.texts(language) for language in dict.fromkeys((*reader.names(), *languages))}
    for language, texts in lines.items():
        reader.check(language, holds=all(map(is_statement, texts)), wanted=STATEMENT_SHAPE)
    return lines


def _priced(texts: Sequence[str], *, unit: Unit) -> tuple[str, ...]:
    """Return the lines with the most that all tables of *unit* may cost together: it belongs to the definition."""
    return tuple(line.replace(UNIT_PRICE, f"{float(UNIT_CAPS[unit]):g}") for line in texts)


def _axis(reader: TableReader, *, languages: Iterable[str], programme: Programme | None) -> Axis:
    """Return a side of a table; *programme* decides which languages, ways and channels there are."""
    parts = tuple(_cell(row, languages=languages) for row in reader.tables("parts"))
    if programme is None or "of" not in reader.names():
        return Axis(parts)
    choices = {"languages": programme.languages, "ways": tuple(programme.ways)}
    source = reader.text("of")
    if source == "channels":
        return Axis((*parts, *_channels(programme, languages=languages)))
    reader.check("of", holds=source in choices, wanted="languages, ways or channels")
    chosen = choices.get(source, ())
    known = {part.id: part for part in parts}
    reader.check("parts", holds=set(chosen) <= set(known), wanted=f"words for each of {', '.join(chosen)}")
    return Axis(tuple(known[choice] for choice in chosen if choice in known))


def _channels(programme: Programme, *, languages: Iterable[str]) -> list[Cell]:
    """Return a cell for each channel; its name is the programme's own, the same in every language."""
    return [Cell(path, dict.fromkeys(languages, name)) for path, name in programme.channels.items()]


def _checked(tables: Sequence[Table], *, faults: Faults) -> Codebook:
    """Return the codebook of *tables*, if they keep to the rules.

    Raises:
        SettingsError: with everything that is wrong.
    """
    for fault in codebook_faults(tables):
        faults.add(fault)
    faults.finish()
    return Codebook(tuple(tables))
