"""What an editor is told: each kind of fault that can be planted in a copy of the texts is refused by name."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpline import chores
from helpline.languages import CONTENT
from helpline.programme.pages import load_pages

JURISDICTIONS = Path(__file__).parents[2] / "jurisdictions"


LONG = "This sentence goes on and on and on until it has one word more than a tired reader can hold now."
EN, NL, POLICE = "content/en/00-*/2-*.md", "content/nl/00-*/2-*.md", "content/en/12-*/1-*.md"
PLANTED = {
    "forbidden word": (EN, "This is about predators.", "en/0/2: a word we do not use: predators"),
    "forbidden Dutch word": (NL, "Zo gaat een dader om.", "nl/0/2: a word we do not use: dader"),
    "polite form": (NL, "Neemt u de tijd.", "nl/0/2: the polite form: u"),
    "long sentence": (EN, LONG, f"en/0/2: a sentence of more than 20 words: {LONG}"),
    "dead link": (EN, "[Here](0/9)", "a link leads to '0/9', which is no page of this site"),
    "raw HTML": (EN, "<b>Stop</b>.", "en/0/2: raw HTML: <b"),
    "script link": (EN, "[Here](javascript:alert)", "this is no link that a page may have: [Here](javascript:alert)"),
    "unsourced figure": (POLICE, "Of all, 40 % stop.", "en/12/1: a figure without a source: Of all, 40 % stop."),
    "number": (EN, "Ring 0800 123 456.", "en/0/2: digits that look like a number: 0800 123 456"),
    "address": (EN, "See help.nl today.", "en/0/2: an address: help.nl"),
    "scheme": (EN, "Ask for INDIGO.", "en/0/2: a name that only a pack may know: INDIGO"),
    "service": (EN, "Ask Veilig Thuis.", "en/0/2: a name that only a pack may know: Veilig Thuis"),
    "statute": (NL, "Lees artikel 12.", "nl/0/2: a statute: artikel 12"),
    "harm where somebody may be suicidal": (POLICE, "It harms.", "en/12/1: a word that has no place here: harms"),
    "advice to erase": (EN, "Delete the history.", "en/0/2: advice to erase: Delete the history."),
    "harm named twice": (EN, "It does harm.", "en/0: 2 pages of the module name the child's harm, not one: 0/1, 0/2"),
    "unknown placeholder": (EN, "Ring {nobody}.", "en/00-first-five-minutes/2-plan.md: {nobody} is not a placeholder"),
}


CHANGED = {
    "old confirmation": (
        "jurisdictions/nl/pack.toml",
        ('confirmed = ""', 'confirmed = "2026-01-01"'),
        "nl: the number of emergency was not confirmed in the last 180 days",
    ),
    "confirmation to come": (
        "jurisdictions/nl/pack.toml",
        ('confirmed = ""', 'confirmed = "2126-01-01"'),
        "nl: the number of emergency was not confirmed in the last 180 days",
    ),
    "a title that tells": (
        EN,
        ('title = "Plan – Information"', 'title = "My plan to stop"'),
        "en/0/2: a title that does not end with ' – Information': My plan to stop",
    ),
    "two plans": (
        "content/en/00-*/3-*.md",
        ('kind = "scale"', 'kind = "plan"'),
        "en/0: a module has one field of the kind plan, on its last page with fields",
    ),
    "no promises before the first field": (
        "content/en/00-*/3-*.md",
        ("{confidentiality}", ""),
        "en/0: no {confidentiality} before the first field",
    ),
    "not quiet": (POLICE, ("quiet = true\n", ""), "en/12/1: somebody may be suicidal here: the page must say quiet"),
    "no line on the police": (
        "content/en/03-*/1-*.md",
        ("{police_involved}", ""),
        "en/3: no {police_involved} on page 1",
    ),
    "a module that leads astray": (EN, ('to = "0/3"', 'to = "0/4"'), "en/0: page 2 does not lead to page 3"),
    "harm never named": (
        "content/en/00-*/1-*.md",
        ("Sexual abuse harms a child. Looking at images of it does harm too. ", ""),
        "en/0: 0 pages of the module name the child's",
    ),
}


def copy(folder: Path) -> Path:
    """Return a folder with a copy of all texts and packs."""
    shutil.copytree(CONTENT, folder / "content")
    shutil.copytree(JURISDICTIONS, folder / "jurisdictions")
    return folder


def run(chore: str, folder: Path) -> Result:
    """Run a chore over a copy."""
    places = ("--texts", str(folder / "content"), "--packs", str(folder / "jurisdictions"))
    return CliRunner().invoke(chores.chores, ["content", chore, *places])


def added(path: Path, text: str) -> None:
    """Add a line to a text."""
    path.write_text(path.read_text(encoding="utf-8") + "\n" + text + "\n", encoding="utf-8")


def changed(path: Path, change: tuple[str, str]) -> None:
    """Put one text in the place of another, once."""
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Check a copy with a line of each wrong kind."""
    folder = copy(tmp_path_factory.mktemp("planted"))
    for where, text, _ in PLANTED.values():
        added(next(folder.glob(where)), text)
    return run("check", folder)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Check a copy in which something of each kind is missing or out of place."""
    folder = copy(tmp_path_factory.mktemp("broken"))
    for where, change, _ in CHANGED.values():
        changed(next(folder.glob(where)), change)
    next(folder.glob("content/nl/08-*/2-*.md")).unlink()
    return run("check", folder)


def test_what_ships_has_no_fault() -> None:
    result = CliRunner().invoke(chores.chores, ["content", "check"])

    assert result.output == "0 faults\n"
    assert result.exit_code == 0


@pytest.mark.parametrize("kind", list(PLANTED))
def test_a_planted_fault_is_refused_by_name(planted: Result, kind: str) -> None:
    assert planted.exit_code == 1
    assert PLANTED[kind][2] in planted.output


@pytest.mark.parametrize("kind", list(CHANGED))
def test_a_change_that_breaks_a_rule_is_refused_by_name(broken: Result, kind: str) -> None:
    assert broken.exit_code == 1
    assert CHANGED[kind][2] in broken.output


def test_a_page_that_one_language_lacks_is_refused_by_name(broken: Result) -> None:
    assert "8/2 does not exist in every language" in broken.output


def test_the_status_names_each_page_in_each_language_and_what_is_to_do(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    page = next(folder.glob(EN))
    changed(page, ("2027-05-01", "2026-05-01"))
    added(page, "- One more line.")

    result = run("status", folder)

    lines = [line.split() for line in result.output.splitlines()]
    shown = {(line[1], line[0]) for line in lines if line[1:2] in (["nl"], ["en"])}
    assert shown == set(load_pages(folder / "content", languages=("nl", "en")))
    (told,) = [" ".join(line) for line in lines if line[:2] == ["0/2", "en"]]
    assert told.endswith("sign: clinician, survivors, lawyer, experience; review; compare the languages")
    assert "nl: 17 of 17 numbers to confirm" in result.output
    assert "1 overdue for review, 2 with languages out of step" in result.output


def test_the_status_of_texts_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    added(next(folder.glob(EN)), "[Here](0/9)")

    result = run("status", folder)

    assert result.exit_code == 1
    assert "a link leads to '0/9'" in result.stderr
