"""The codebook: what the programme makes of it, and what it may not say."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from helpline.settings.faults import SettingsError
from helpline.usage.arrival import hours_cell
from helpline.usage.codebook import ARRIVAL_TABLE, HOURS_TABLE, Codebook, Table, Unit
from helpline.usage.codebook_reading import CODEBOOK, codebook_from, read_codebook, table_from
from helpline.usage.codebook_rules import CAPS, UNIT_CAPS, codebook_faults, is_label, is_statement
from tests.support.world import programme


def changed(folder: Path, old: str, new: str) -> Path:
    """Return the codebook's file with one text replaced."""
    text = CODEBOOK.read_text(encoding="utf-8")
    assert old in text
    path = folder / "codebook.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def faults_of(folder: Path, old: str, new: str) -> str:
    """Return what is wrong after that change."""
    with pytest.raises(SettingsError) as refused:
        read_codebook(programme(folder), path=changed(folder, old, new))
    return "\n".join(refused.value.faults)


def named(codebook: Codebook, table: str) -> Table:
    """Return a table that is there."""
    found = codebook.table(table)
    assert found is not None
    return found


def test_the_shipped_codebook_keeps_to_its_caps(codebook: Codebook) -> None:
    assert [table.id for table in codebook.tables] == [name for name in CAPS if name != HOURS_TABLE]
    assert sum(len(table.cells) for table in codebook.tables) == len(codebook.places)


def test_every_table_says_what_all_tables_of_its_unit_cost_together(codebook: Codebook) -> None:
    for table in codebook.tables:
        together = sum(other.epsilon for other in codebook.tables if other.unit is table.unit)
        for lines in table.statement.values():
            (said,) = re.findall(r"e\^([0-9.]*[0-9])", "\n".join(lines))
            assert Fraction(said) == together


def test_hours_are_a_table_only_where_the_programme_asks_and_arrivals_then_cost_half(
    codebook: Codebook, tmp_path: Path
) -> None:
    asking = programme(tmp_path, change=("show_unsigned = true", "show_unsigned = true\ncount_hours = true"))
    found = read_codebook(asking)

    assert [table.id for table in found.tables] == list(CAPS)
    assert [named(it, ARRIVAL_TABLE).epsilon for it in (codebook, found)] == [Fraction(1, 2), Fraction(1, 4)]
    assert sum(table.epsilon for table in found.tables if table.unit is Unit.VISIT) == UNIT_CAPS[Unit.VISIT]
    same = {table.digest for table in codebook.tables} & {table.digest for table in found.tables}
    assert len(same) == len(codebook.tables) - 1
    assert codebook_from(found.text) == found


def test_every_hour_of_a_week_has_its_cell(tmp_path: Path) -> None:
    asking = programme(tmp_path, change=("show_unsigned = true", "show_unsigned = true\ncount_hours = true"))
    monday = datetime(2027, 3, 1, tzinfo=asking.zone)
    cells = [hours_cell(monday + timedelta(hours=hour)) for hour in range(7 * 24)]

    assert list(dict.fromkeys(cells)) == [cell.id for cell in named(read_codebook(asking), HOURS_TABLE).cells]
    assert (cells[0], cells[6], cells[23], cells[-1]) == ("mon.night", "mon.morning", "mon.evening", "sun.evening")


def sum_faults(tables: list[Table]) -> list[str]:
    """Return what *tables* are told about what they cost together."""
    return [fault for fault in codebook_faults(tables) if "together" in fault]


@pytest.mark.parametrize("unit", list(Unit))
def test_one_more_table_of_a_unit_is_refused(codebook: Codebook, unit: Unit) -> None:
    """Also one that somebody adds to the list of tables that may be."""
    last = [table for table in codebook.tables if table.unit is unit][-1]
    more = replace(last, id=f"{last.id}_again", epsilon=Fraction(1, 8))

    (told,) = sum_faults([*codebook.tables, more])

    cap = UNIT_CAPS[unit]
    assert f"all tables of a {unit} cost {cap + Fraction(1, 8)} together, more than the {cap}" in told


@pytest.mark.parametrize("number", range(len(CAPS) - 1))
def test_a_dearer_table_is_refused_and_is_the_first_that_could_be_lowered(codebook: Codebook, number: int) -> None:
    tables = list(codebook.tables)
    tables[number] = replace(tables[number], epsilon=Fraction(1))

    (told,) = sum_faults(tables)

    assert f"take one out: {tables[number].id} (1)" in told


def test_what_one_table_of_a_talk_no_longer_costs_is_free_for_another(codebook: Codebook) -> None:
    kept = [table for table in codebook.tables if table.id != "contact_source"]
    other = replace(named(codebook, "contact_next"), id="contact_other")

    assert not sum_faults(kept)
    assert not sum_faults([*kept, other])


def test_the_name_of_a_channel_cannot_be_a_formula(tmp_path: Path) -> None:
    """It stands behind a language in a cell, and alone in a total."""
    with pytest.raises(SettingsError, match=r"arrival k7: not a label: '=1\+1'"):
        read_codebook(programme(tmp_path, change=("Police leaflet", "=1+1")))


def test_languages_and_channels_come_from_the_programme(codebook: Codebook) -> None:
    cells = {cell.id: cell.labels["en"] for cell in named(codebook, "arrival").cells}

    assert list(cells) == ["nl.direct", "nl.k7", "nl.m2", "en.direct", "en.k7", "en.m2"]
    assert cells["en.k7"] == "English: Police leaflet"


def test_a_language_that_the_codebook_does_not_speak_is_named_in_every_table(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read_codebook(replace(programme(tmp_path), languages=("nl", "en", "fy"), count_hours=True))

    told = refused.value.faults
    assert "codebook.toml.statement.fy is missing" in told
    assert {f"codebook.toml.table[{it}].title.fy is missing" for it in range(len(CAPS))} <= set(told)
    assert any("words for each of nl, en, fy" in fault for fault in told)


def test_a_table_that_is_older_than_a_language_stays_readable_and_speaks_its_own(codebook: Codebook) -> None:
    old = codebook.tables[0]
    new = replace(old, titles={**old.titles, "fy": "Paden"})

    assert table_from(old.text) == old
    assert [old.language("en"), old.language("fy"), new.language("fy")] == ["en", "nl", "fy"]


def test_a_way_that_is_off_has_no_cell(tmp_path: Path) -> None:
    one_way = programme(tmp_path, change=('ways = ["you_ring", "we_ring"]', 'ways = ["we_ring"]'))

    cells = [cell.id for cell in named(read_codebook(one_way), "callback").cells]

    assert "we_ring.held" in cells
    assert "you_ring.held" not in cells
    assert cells[-4:] == ["cancelled_by_visitor", "cancelled_by_us", "lapsed", "unmet"]


def test_a_codebook_is_what_its_own_text_says(codebook: Codebook) -> None:
    assert codebook_from(codebook.text) == codebook
    assert table_from(codebook.tables[0].text) == codebook.tables[0]
    assert codebook.table("no such table") is None


def test_a_changed_channel_changes_one_table_only(tmp_path: Path, codebook: Codebook) -> None:
    other = read_codebook(programme(tmp_path, change=("Police leaflet", "Another leaflet")))

    assert other.digest != codebook.digest
    assert [one.id for one, two in zip(codebook.tables, other.tables, strict=True) if one.digest != two.digest] == [
        "arrival"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "lead"', 'id = "shoe_size"', "shoe_size is not one of"),
        ('epsilon = "1/2"', 'epsilon = "1"', "cost 3/2 together"),
        ('epsilon = "1/2"', 'epsilon = "1"', "path may hold at most 66 cells of a visit at 1/2"),
        ('epsilon = "1/2"', 'epsilon = "1/3"', "one of 1/8, 1/4"),
        ("sensitivity = 1", "sensitivity = 2", "sensitivity must be a whole number from 1 to 1"),
        ('unit = "visit"', 'unit = "read"', "path may hold at most 66 cells of a visit"),
        ('unit = "visit"', 'unit = "person"', "unit must be one of"),
        ('period = "week"', 'period = "hour"', "period must be one of"),
        ('flush = "week"', 'flush = "hour"', "flush must be one of day, week"),
        ('of = "ways"', 'of = "moods"', "of must be languages, ways or channels"),
        ('{ id = "en", nl = "Engels"', '{ id = "fr", nl = "Frans"', "words for each of nl, en"),
        ('id = "home", nl = "Begin"', 'id = "home", nl = "=1+1"', "not a label: '=1+1'"),
        ('id = "home"', 'id = "1e5"', "'1e5' is not a name for a cell"),
        ('id = "home"', 'id = "talk"', "the cell page talk stands there 2 times"),
        ('id = "lead"', 'id = "page"', "the table page stands there 2 times"),
        ('nl = "Bezoeken"', 'nl = "Bezoeken; ook"', "not a label"),
        ('en = "Asking for a page once.', 'en = "Asking, once.', "not a sentence"),
        ('"{title}. {definition}",', '"{title}, {definition}",', "sentences without comma"),
        ('"{title}. {definition}",', '"{titel}",', "known placeholders only"),
        ('id = "halfway"', 'id = "begun"', "the cell path 0.begun stands there 2 times"),
        ("[[table.axis]] # in", "[[table.cell]]\nid = 'x'\nnl = 'x'\nen = 'x'\n[[table.axis]] # in", "paths by stages"),
        ("[statement]", "[statement", "cannot be read"),
    ],
)
def test_what_a_codebook_may_not_say_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in faults_of(tmp_path, old, new)


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    said = faults_of(tmp_path, 'unit = "visit"\nperiod = "week"', 'unit = "person"\nperiod = "hour"')

    assert "unit must be" in said
    assert "period must be" in said


def test_a_missing_codebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml cannot be read"):
        read_codebook(programme(tmp_path), path=tmp_path / "none.toml")


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", '{"format":1}'])
def test_a_text_that_is_no_codebook_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        codebook_from(text)


def test_a_table_without_a_cell_is_refused(codebook: Codebook) -> None:
    text = named(codebook, "lead").text
    start, _, rest = text.partition('"axis":')
    with pytest.raises(SettingsError, match="has no cell"):
        codebook_from(start + rest[rest.index('"definition"') :])


@pytest.mark.parametrize("text", ["", "=A1", "+1", "-1", "@x", "\tx", "'x", "a\nb", "x" * 121])
def test_no_label_can_become_a_formula(text: str) -> None:
    assert not is_label(text)


def test_a_lonely_brace_is_no_statement() -> None:
    assert is_statement("e^{epsilon} is the price")
    assert not is_statement("a lonely } brace")
