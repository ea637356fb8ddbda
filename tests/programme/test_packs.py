"""Jurisdiction packs: whole, or the service does not start; what nobody knows is not made up."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from helpline.programme.packs import lines_of, load_packs
from helpline.programme.placeholders import KINDS
from helpline.programme.reading import ContentError
from helpline.programme.signposts import Pack, crisis_block, hiding_lines, inline_values, unconfirmed
from helpline.programme.words import Words
from tests.programme.conftest import JURISDICTIONS

WHOLE = ("nl", "xx")
IN_PART = ("gb-eng", "be-vlg", "be-fr", "de")
CODES = (*WHOLE, *IN_PART)


def broken(root: Path, *changes: tuple[str, str]) -> tuple[str, ...]:
    """Return the faults of the invented pack after *changes*."""
    text = (JURISDICTIONS / "xx/pack.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (root / "xx").mkdir()
    (root / "xx/pack.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_packs(root)
    return caught.value.faults


def test_a_pack_that_is_wrong_stops_the_start_with_every_fault(tmp_path: Path) -> None:
    faults = broken(
        tmp_path,
        ('code = "xx"', 'code = "yy"'),
        ('zone = "Atlantic/Azores"', 'zone = "Atlantic/Atlantis"'),
        ('from = "11:00"', 'from = "23:00"'),
        ('Free" }\nconfirmed = "2026-11-01"', 'Free" }\nconfirmed = "yes"'),
        ("{emergency}", "{nobody}"),
        ('"phone", "chat"', '"phone", "drum"'),
        ('id = "police"\nnames', 'id = "lawyer"\nnames'),
        ('site = "lawyers.example"', 'site = ""'),
        ('country = "PT"', 'country = "Inventia"'),
        ('cost = { nl = "Gratis", en = "Free" }', 'cost = { nl = "Gratis", de = "Frei" }'),
    )

    for fault in (
        "xx/pack.toml.code must be the name of its folder",
        "xx/pack.toml.zone must be a zone of the IANA list, as Europe/Amsterdam",
        "xx/pack.toml.signpost[3].hours[0].from must be a time before until, both as 09:00",
        'xx/pack.toml.signpost[0].confirmed must be a date as "2026-01-31"',
        "xx/pack.toml: {nobody} is not a placeholder here",
        "xx/pack.toml.country must be a country whose holidays are known, as NL",
        "xx/pack.toml.signpost[1].ways must be a list of phone, chat, mail, relay, visit",
        "xx/pack.toml.signpost must be without an id twice",
        "xx/pack.toml.signpost[6].numbers must be there, or a site",
        "xx/pack.toml.signpost[0].cost.en is missing",
        "xx/pack.toml.signpost[0].cost.de must be left out: nothing reads it",
    ):
        assert fault in faults
    assert any(fault.startswith("xx/pack.toml.signpost must be with each of") for fault in faults)


def test_four_lines_on_confidentiality_are_not_enough(tmp_path: Path) -> None:
    line = '  "There is one exception: somebody is in serious danger now, and we know who.",\n'

    assert broken(tmp_path, (line, "")) == ("xx/pack.toml.confidentiality must be 5 lines in en",)


def test_what_answers_day_and_night_has_no_other_hours(tmp_path: Path) -> None:
    faults = broken(tmp_path, ("hours = [", "day_and_night = true\nhours = ["))

    assert faults == ("xx/pack.toml.signpost[3].hours must be left out of what answers day and night",)


def test_a_folder_without_packs_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no jurisdiction pack"):
        load_packs(tmp_path)


def test_every_pack_says_five_lines_on_confidentiality(packs: Mapping[str, Pack]) -> None:
    for pack in packs.values():
        assert {language: len(lines) for language, lines in pack.confidentiality.items()} == {"nl": 5, "en": 5}
        assert pack.telephone["nl"]


def test_every_jurisdiction_of_the_release_is_read(packs: Mapping[str, Pack]) -> None:
    assert set(packs) == set(CODES)
    assert {code: pack.zone.key for code, pack in packs.items()} == {
        "nl": "Europe/Amsterdam",
        "gb-eng": "Europe/London",
        "be-vlg": "Europe/Brussels",
        "be-fr": "Europe/Brussels",
        "de": "Europe/Berlin",
        "xx": "Atlantic/Azores",
    }


@pytest.mark.parametrize("code", CODES)
def test_a_pack_has_each_kind_of_service_or_says_that_it_knows_none(packs: Mapping[str, Pack], code: str) -> None:
    there = {signpost.id for signpost in packs[code].signposts} & set(KINDS)

    assert there | set(packs[code].unknown) == set(KINDS)
    assert there.isdisjoint(packs[code].unknown)
    assert bool(packs[code].unknown) is (code in IN_PART)


@pytest.mark.parametrize("code", IN_PART)
def test_a_pack_in_part_confirms_nothing_and_invents_no_hours(
    packs: Mapping[str, Pack], now: datetime, code: str
) -> None:
    pack = packs[code]

    assert not any(signpost.confirmed for signpost in pack.signposts)
    assert [signpost.id for signpost in pack.signposts if signpost.hours] == ["emergency"]
    assert unconfirmed(pack, now=now) == ("emergency", "suicide", "child_protection", "children")
    assert [signpost.id for signpost in crisis_block(pack, now=now, demo=True)] == ["emergency"]


@pytest.mark.parametrize("code", IN_PART)
def test_whom_a_pack_does_not_know_is_called_by_the_kind(
    packs: Mapping[str, Pack], words: Mapping[str, Words], now: datetime, code: str
) -> None:
    values = inline_values(packs[code], words=words["en"], now=now, demo=True, programme="x", helpline="y")

    assert values["lawyer"] == "a lawyer"


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("gb-eng", {"999", "116 123", "0808 800 5000", "0800 1111", "0808 1000 900"}),
        ("be-vlg", {"112", "1813", "1712", "116 000", "0800 200 88", "0800 14 112", "106"}),
        ("be-fr", {"112", "116 000", "0800 200 99", "0800 14 112", "107"}),
        ("de", {"112", "110", "0800 111 0 111", "0800 22 55 530"}),
    ],
)
def test_the_numbers_are_those_of_the_table_and_no_others(
    packs: Mapping[str, Pack], code: str, numbers: set[str]
) -> None:
    assert {number for signpost in packs[code].signposts for number in signpost.numbers} == numbers


def test_how_to_hide_a_number_is_said_only_when_somebody_tried_it(packs: Mapping[str, Pack], now: datetime) -> None:
    for code in ("nl", *IN_PART):
        assert hiding_lines(packs[code], language="en", now=now, demo=False) == ()
        assert hiding_lines(packs[code], language="en", now=now, demo=True)
    assert "555" in hiding_lines(packs["xx"], language="nl", now=now, demo=False)[0]
    assert hiding_lines(packs["xx"], language="nl", now=now.replace(year=2028), demo=False) == ()


def test_a_pack_may_know_nothing_of_hiding_a_number(tmp_path: Path, now: datetime) -> None:
    text = (JURISDICTIONS / "xx/pack.toml").read_text(encoding="utf-8")
    (tmp_path / "xx").mkdir()
    without = re.sub(r"\[hiding_number\]\n.*?\n\n", "", text, flags=re.DOTALL)
    (tmp_path / "xx/pack.toml").write_text(without, encoding="utf-8")

    assert hiding_lines(load_packs(tmp_path)["xx"], language="nl", now=now, demo=True) == ()


def test_a_kind_that_was_forgotten_is_a_fault_and_so_is_one_said_twice(tmp_path: Path) -> None:
    faults = broken(tmp_path, ('subdivision = "20"\n', 'subdivision = "20"\nunknown = ["lawyer", "plumber"]\n'))

    assert faults == ("xx/pack.toml.unknown must be a list of kinds for which there is no signpost",)


def test_every_sentence_of_a_pack_is_looked_at(packs: Mapping[str, Pack]) -> None:
    texts = [text for _, text in lines_of(packs["xx"])]

    assert len(texts) == 2 * (5 + 3 + 1 + 2 + 1)
