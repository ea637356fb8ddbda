"""Adding a language is adding a folder; what it still needs elsewhere is named, all of it at once."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpline import chores
from helpline.languages import CONTENT, languages_in
from helpline.programme.reading import ContentError
from helpline.programme.rules import KEYS, load_rules
from helpline.programme.shelf import SITES, load_shelf
from helpline.programme.words import load_words
from tests.programme.conftest import JURISDICTIONS
from tests.support.world import programme

ALL = ("nl", "en", "fy")
ELSEWHERE = [
    "fy: helpline/codes.py has no letter for its codes",
    "fy: helpline/words/fy.txt is missing",
    *(f"fy: translations/fy/LC_MESSAGES/{site}.po is missing, or make has not compiled it" for site in SITES),
]
"""What a folder alone does not give."""

IN_ENGLISH = re.compile(r"""(?P<before>^|[{,]\s*)en = (?P<said>"[^"]*"|\[[^\]]*\])""", re.MULTILINE)


def in_three(found: re.Match[str]) -> str:
    """Return English words of a pack with the same ones as Frisian."""
    between = ", " if found["before"] else "\n"
    return f"{found[0]}{between}fy = {found['said']}"


def edited(path: Path, *changes: tuple[str, str]) -> None:
    """Put one text in the place of another, once each."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give texts and packs in three languages: the third is the English folder, with a name and rules of its own."""
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(CONTENT, house / "content")
    shutil.copytree(CONTENT / "en", house / "content/fy")
    shutil.copytree(CONTENT / "en", house / "content/de", ignore=shutil.ignore_patterns("words.toml"))
    edited(house / "content/fy/words.toml", ('"English"', '"Frysk"'), ('"en_GB"', '"fy"'))
    edited(
        house / "content/fy/rules.toml", ("base = 206.835", "base = 216.835"), ('"relationship", ', '"tsjoenster*", ')
    )
    shutil.copytree(JURISDICTIONS, house / "jurisdictions")
    for path in house.glob("jurisdictions/*/pack.toml"):
        path.write_text(IN_ENGLISH.sub(in_three, path.read_text(encoding="utf-8")), encoding="utf-8")
    return house


def run(chore: str, house: Path, *, packs: Path | None = None) -> Result:
    """Run a chore over *house*."""
    places = ("--texts", str(house / "content"), "--packs", str(packs or house / "jurisdictions"))
    return CliRunner().invoke(chores.chores, ["content", chore, *places])


def refused(house: Path, tmp_path: Path) -> tuple[str, ...]:
    """Return all that a service is told which is to speak three languages."""
    with pytest.raises(ContentError) as caught:
        load_shelf(replace(programme(tmp_path), languages=ALL), content=house / "content", house=house)
    return caught.value.faults


def test_a_folder_with_words_is_a_language_and_another_is_not_begun(house: Path) -> None:
    assert languages_in(house / "content") == ALL


def test_of_a_whole_folder_the_check_names_what_is_missing_elsewhere(house: Path) -> None:
    assert run("check", house).output.splitlines() == [*ELSEWHERE, "4 faults"]


def test_the_check_names_each_pack_that_does_not_speak_the_language(house: Path) -> None:
    told = run("check", house, packs=JURISDICTIONS).output

    for fault in ("nl/pack.toml.names.fy is missing", "xx/pack.toml.confidentiality.fy is missing"):
        assert fault in told


def test_the_status_counts_each_page_three_times_each_by_its_own_formula(house: Path) -> None:
    rows = [line.split() for line in run("status", house).output.splitlines()]
    ease = {(row[1], row[0]): float(row[6]) for row in rows if row[1:2] in ([it] for it in ALL)}

    assert ease["fy", "0/1"] == ease["en", "0/1"] + 10
    assert len(ease) == 3 * sum(language == "en" for language, _ in ease)


def test_a_language_has_words_of_its_own_that_no_text_says(house: Path, tmp_path: Path) -> None:
    shutil.copytree(house, tmp_path / "house")
    for language in ("en", "fy"):
        page = next((tmp_path / "house/content").glob(f"{language}/00-*/2-*.md"))
        page.write_text(page.read_text(encoding="utf-8") + "\nA relationship. Tsjoensters.\n", encoding="utf-8")

    told = run("check", tmp_path / "house").output.splitlines()

    assert [line for line in told if "a word we do not use" in line] == [
        "en/0/2: a word we do not use: relationship",
        "fy/0/2: a word we do not use: Tsjoensters",
    ]


def test_a_service_that_is_to_speak_it_is_told_everything_at_once(house: Path, tmp_path: Path) -> None:
    shutil.copytree(house / "content", tmp_path / "house/content")
    shutil.copytree(JURISDICTIONS, tmp_path / "house/jurisdictions")
    folder = tmp_path / "house/content/fy"
    next(folder.glob("site/talk.md")).unlink()
    (folder / "rules.toml").unlink()
    edited(folder / "words.toml", ('name = "Frysk"\n', ""))

    faults = refused(tmp_path / "house", tmp_path)

    for fault in (
        "talk does not exist in every language",
        "fy/rules.toml cannot be read: FileNotFoundError",
        "fy/words.toml.name is missing",
        "nl/pack.toml.names.fy is missing",
        *ELSEWHERE,
    ):
        assert fault in faults


def test_a_service_that_does_not_speak_it_never_reads_it(house: Path, tmp_path: Path) -> None:
    shutil.copytree(house / "content", tmp_path / "content")
    edited(tmp_path / "content/fy/words.toml", ('name = "Frysk"\n', ""))

    shelf = load_shelf(programme(tmp_path), content=tmp_path / "content")

    assert {language: words.name for language, words in shelf.words.items()} == {"nl": "Nederlands", "en": "English"}
    assert {language: words.locale for language, words in shelf.words.items()} == {"nl": "nl", "en": "en_GB"}


@pytest.mark.parametrize(
    "key", sorted({*KEYS, "name", "source", "vowels", "base", "per_word", "per_syllable"} - {"ease"})
)
def test_a_rule_that_is_missing_is_named(tmp_path: Path, key: str) -> None:
    text = (CONTENT / "nl/rules.toml").read_text(encoding="utf-8")
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl/rules.toml").write_text(
        re.sub(rf"^{key} = (\[[^\]]*\])?.*\n", "", text, flags=re.MULTILINE), encoding="utf-8"
    )

    if key == "polite":
        assert load_rules(tmp_path, languages=("nl",))["nl"].polite.found_in("u en uw") == []
        return
    with pytest.raises(ContentError) as caught:
        load_rules(tmp_path, languages=("nl",))
    (fault,) = caught.value.faults
    assert re.fullmatch(rf"nl/rules\.toml\.(ease\.)?{key} is missing", fault)


def test_everything_that_is_wrong_with_rules_is_named(tmp_path: Path) -> None:
    shutil.copytree(CONTENT / "nl", tmp_path / "nl")
    edited(
        tmp_path / "nl/rules.toml",
        ('"kwaad"', '"kwa*d"'),
        ("'[aeiou", "'([aeiou"),
        ("77.0", "77"),
        ("polite", "polyte"),
    )

    with pytest.raises(ContentError) as caught:
        load_rules(tmp_path, languages=("nl",))

    told = "\n".join(caught.value.faults)
    assert "nl/rules.toml.harm must be words of letters only, with a star at the end where any ending counts" in told
    assert "nl/rules.toml.ease.vowels must be a regular expression" in told
    assert "nl/rules.toml.ease.per_syllable must be a number with a point" in told
    assert "nl/rules.toml.polyte must be left out: nothing reads it" in told


@pytest.mark.parametrize("locale", ["en_GB", "nl-NL", "nl_XX", "dutch"])
def test_a_locale_is_one_of_the_language(tmp_path: Path, locale: str) -> None:
    shutil.copytree(CONTENT / "nl", tmp_path / "nl")
    edited(tmp_path / "nl/words.toml", ('locale = "nl"', f'locale = "{locale}"'))

    with pytest.raises(ContentError, match=r"nl/words\.toml\.locale must be a locale of the CLDR"):
        load_words(tmp_path, languages=("nl",))
