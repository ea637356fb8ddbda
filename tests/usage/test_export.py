"""Files: what may be seen and when, the same bytes for ever, and nothing that a spreadsheet would run."""

import csv
import hashlib
import io
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.settings.faults import SettingsError
from helpline.store.engine import Sessions, StoreName, open_store
from helpline.usage.codebook_reading import CODEBOOK, read_codebook
from helpline.usage.counting import Counters
from helpline.usage.export import file_of
from helpline.usage.figures import quality
from helpline.usage.release import Release, add_noise, run
from helpline.usage.released import released_periods
from helpline.usage.rows import COLUMNS
from tests.support.stores import Stores
from tests.support.world import programme
from tests.usage.counted import MONDAY

TUESDAY = MONDAY + timedelta(hours=30)
EXPORTS = 100
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@pytest.fixture
def published(release: Release, counters: Counters) -> Release:
    """Give a release after one week with 1000 arrivals."""
    run(release, now=MONDAY - timedelta(days=1))
    for cell in ("nl.direct", "nl.k7"):
        for _ in range(500):
            counters.count(("arrival", cell))
    run(release, now=MONDAY)
    return release


def exported(sessions: Sessions, *, table: str = "arrival", language: str = "en", now: datetime = TUESDAY) -> bytes:
    """Return the file of everything of *table* that can be seen."""
    with sessions.read() as session:
        return file_of(session, periods=released_periods(session, table=table, now=now), language=language)


def statement(content: bytes) -> list[str]:
    """Return the lines above the header."""
    return [line for line in content.decode("utf-8-sig").splitlines() if line.startswith("# ")]


def table_in(content: bytes) -> list[dict[str, str]]:
    """Return the rows below the header."""
    lines = [line for line in content.decode("utf-8-sig").splitlines() if not line.startswith("# ")]
    return list(csv.DictReader(lines))


def test_a_period_is_seen_from_tuesday_at_nine(published: Release) -> None:
    with published.sessions.read() as session:
        assert released_periods(session, table="arrival", now=TUESDAY - timedelta(seconds=1)) == ()
        (period,) = released_periods(session, table="arrival", now=TUESDAY)

    assert (period.id, period.name, period.invented) == ("arrival/2027-W08", "2027-W08", False)


def test_an_open_period_is_not_seen(published: Release) -> None:
    run(published, now=MONDAY + timedelta(days=1))
    with published.sessions.read() as session:
        assert released_periods(session, table="callback", now=TUESDAY) == ()
        assert len(released_periods(session, table="page", now=TUESDAY)) == 1


def test_a_file_holds_every_cell_with_its_margin_and_price(published: Release) -> None:
    rows = table_in(exported(published.sessions))

    assert tuple(rows[0]) == COLUMNS
    assert [row["cell"] for row in rows] == ["nl.direct", "nl.k7", "nl.m2", "en.direct", "en.k7", "en.m2"]
    assert rows[1] == {
        "period": "2027-W08",
        "table": "arrival",
        "cell": "nl.k7",
        "label": "Dutch: Police leaflet",
        "value": "500",
        "margin95": "6",
        "low": "494",
        "high": "506",
        "quality": "A",
        "epsilon": "0.5",
        "unit": "visit",
    }
    assert rows[2]["quality"] == "D"


def test_the_statement_is_made_from_the_ledger(published: Release) -> None:
    said = "\n".join(statement(exported(published.sessions)))

    assert "one single unit (visit)" in said
    assert "at most a factor e^0.5 (sensitivity 1)" in said
    assert "all tables that count this unit (visit) change by at most a factor e^1 together" in said
    assert "at most a factor e^2 about one unit from each table. Counts were added 2 times in each period." in said
    assert "Safari" in said
    assert any(f"codebook {it.digest}" in said for it in published.codebook.tables if it.id == "arrival")


def test_a_file_speaks_the_language_that_was_asked_for(published: Release) -> None:
    content = exported(published.sessions, language="nl")

    assert "# Bezoeken. Een keer van buiten" in content.decode()
    assert table_in(content)[0]["label"] == "Nederlands: zonder eigen pad"


def test_several_periods_stand_in_one_file_under_one_statement(published: Release, counters: Counters) -> None:
    one = exported(published.sessions)
    later = MONDAY + timedelta(days=7)
    run(published, now=later)
    two = exported(published.sessions, now=later + timedelta(hours=30))

    assert {row["period"] for row in table_in(two)} == {"2027-W08", "2027-W09"}
    assert len(statement(two)) == len(statement(one))
    assert "Counts were added 1 - 2 times" in "\n".join(statement(two))


def test_the_same_request_gives_the_same_bytes_for_ever(published: Release, stores: Stores, tmp_path: Path) -> None:
    with_noise = replace(published, noise=add_noise)
    later = MONDAY + timedelta(days=7)
    run(with_noise, now=later)
    seen_at = later + timedelta(hours=30)
    digests = {hashlib.sha256(exported(stores.counts, now=seen_at)).hexdigest() for _ in range(EXPORTS)}

    changed = read_codebook(programme(tmp_path, change=("Police leaflet", "Another leaflet")))
    run(replace(with_noise, codebook=changed), now=later + timedelta(days=1))
    restarted = open_store(StoreName.COUNTS, data_dir=stores.data_dir, database_url=stores.database_url)
    digests.add(hashlib.sha256(exported(restarted, now=seen_at)).hexdigest())
    restarted.engine.dispose()

    assert len(digests) == 1


def test_one_visit_changes_nothing_of_a_file_but_its_numbers(release: Release, counters: Counters) -> None:
    def file_of_the_week(number: int) -> str:
        run(release, now=MONDAY + timedelta(days=7 * number))
        seen_at = TUESDAY + timedelta(days=7 * number)
        with release.sessions.read() as session:
            newest = released_periods(session, table="arrival", now=seen_at)[-1:]
            content = file_of(session, periods=newest, language="en").decode()
        return re.sub(r",-?[0-9]+,6,-?[0-9]+,-?[0-9]+,D,", ",*,", content).replace(newest[0].name, "*")

    run(release, now=MONDAY - timedelta(days=1))
    run(release, now=MONDAY - timedelta(days=0))
    without = file_of_the_week(1)
    counters.count(("arrival", "en.m2"))
    assert file_of_the_week(2) == without


@pytest.mark.parametrize(
    ("value", "letter"), [(60, "A"), (59, "B"), (19, "B"), (18, "C"), (7, "C"), (6, "D"), (-40, "D")]
)
def test_the_quality_says_how_much_of_a_number_is_noise(value: int, letter: str) -> None:
    assert quality(value, margin=6) == letter


def is_harmless(field: str) -> bool:
    """Return whether no spreadsheet takes *field* for a formula."""
    return NUMBER.fullmatch(field) is not None or field[:1].isalnum() or field.startswith("# ")


def test_no_field_of_a_file_can_be_a_formula(published: Release) -> None:
    for table in ("arrival", "page"):
        for language in ("nl", "en"):
            content = exported(published.sessions, table=table, language=language).decode("utf-8-sig")
            fields = [field for row in csv.reader(io.StringIO(content, newline="")) for field in row]
            assert all(is_harmless(field) for field in fields)
            assert all(len(row) == 1 for row in csv.reader(statement(content.encode("utf-8-sig"))))


@given(name=st.text(min_size=1, max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_label_is_called_it_is_refused_or_harmless(tmp_path: Path, name: str) -> None:
    path = tmp_path / "codebook.toml"
    written = "".join(f"\\U{ord(symbol):08x}" for symbol in name)
    text = CODEBOOK.read_text(encoding="utf-8").replace('id = "home", nl = "Begin"', f'id = "home", nl = "{written}"')
    path.write_text(text, encoding="utf-8")
    try:
        codebook = read_codebook(programme(tmp_path), path=path)
    except SettingsError:
        return
    file = io.StringIO(newline="")
    labels = [cell.labels["nl"] for table in codebook.tables for cell in table.cells]
    csv.writer(file, lineterminator="\r\n").writerows([label] for label in labels)

    assert name in labels
    assert [row[0] for row in csv.reader(io.StringIO(file.getvalue(), newline=""))] == labels
    assert all(is_harmless(label) for label in labels)
