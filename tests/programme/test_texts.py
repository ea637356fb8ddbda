"""The texts as they are: what docs/content.md asks of them."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from helpline.languages import CONTENT, LANGUAGES
from helpline.programme.fields import MOST_FIELDS
from helpline.programme.lint import lint, text_faults
from helpline.programme.packs import lines_of
from helpline.programme.pages import Page, Pages
from helpline.programme.placeholders import BLOCKS, fill, lines_html
from helpline.programme.rules import RulesBook
from helpline.programme.signposts import Pack, inline_values
from helpline.programme.words import Words

DOORS = ["11/1", "20/1", "12/1", "40/1", "80/1"]
MODULE_0 = ["0/1", "0/2", "0/3", "0/4"]
ADULTS_FIRST_SCREENS = ["0/1", "11/1", "11/2", "11/3", "11/4", "11/5", "12/1", "20/1", "20/2"]


def shown_html(page: Page, *, values: Mapping[str, str]) -> str:
    return fill(page.html, values={**values, **dict.fromkeys(BLOCKS, "<div></div>")})


def test_no_text_breaks_a_rule(pages: Pages, rules: RulesBook) -> None:
    assert lint(pages, rules=rules) == []


def test_no_line_of_a_pack_breaks_a_rule(packs: Mapping[str, Pack], rules: RulesBook) -> None:
    faults = [
        fault
        for pack in packs.values()
        for language, line in lines_of(pack)
        for fault in text_faults(line, rules=rules[language])
    ]

    assert faults == []


def test_no_question_and_no_word_for_what_is_unsaid_breaks_a_rule(words: Mapping[str, Words], rules: RulesBook) -> None:
    faults = [
        fault
        for language, known in words.items()
        for text in (*known.asked.values(), *known.unsaid.values())
        for fault in text_faults(text, rules=rules[language])
    ]

    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_has_five_doors_and_each_leads_to_a_page(pages: Pages, language: str) -> None:
    doors = pages[language, "home"].doors

    assert [door.to for door in doors] == DOORS
    assert all((language, door.to) in pages for door in doors)


@pytest.mark.parametrize("language", LANGUAGES)
def test_module_0_is_short_and_ends(pages: Pages, language: str) -> None:
    module = [place for code, place in pages if code == language and place.startswith("0/")]

    assert sorted(module) == MODULE_0
    assert [page.next.to for place in MODULE_0 if (page := pages[language, place]).next] == [
        "0/2",
        "0/3",
        "0/4",
        "talk",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exercise_says_who_may_know_before_its_first_field(pages: Pages, language: str) -> None:
    page = pages[language, "0/3"]

    assert 0 < len(page.fields) <= MOST_FIELDS
    assert "<p>{confidentiality}</p>" in page.html
    assert "<p>{police_involved}</p>" in page.html


@pytest.mark.parametrize(
    ("language", "found", "names"),
    [
        ("en", "What you write or save can be found", "Do not write names, places, or what was done."),
        (
            "nl",
            "Wat je schrijft of opslaat, kan gevonden worden",
            "Schrijf geen namen, geen plaatsen, en niet wat er is gedaan.",
        ),
    ],
)
def test_what_stands_at_each_exercise_is_said_word_for_word(
    words: Mapping[str, Words], language: str, found: str, names: str
) -> None:
    said = words[language].exercise

    assert found in said["police_involved"]
    assert said["no_details"] == names


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_of_the_police_is_four_lines_and_todays_time(pages: Pages, language: str) -> None:
    page = pages[language, "12/1"]

    assert page.html.count("<li>") == 4
    assert page.html.index("{suicide}") < page.html.index("{lawyer}")
    assert page.shows_today
    assert len(page.markdown) < 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_police_path_goes_round_the_page_that_names_the_harm(pages: Pages, language: str) -> None:
    links = {link.to for link in pages[language, "12/1"].links}

    assert {"12/2", "14/1"} <= links
    assert "0/1" not in links


@pytest.mark.parametrize("place", ADULTS_FIRST_SCREENS)
def test_first_screens_of_adults_show_the_young_their_own_way(pages: Pages, place: str) -> None:
    assert "40/1" in {link.to for link in pages["en", place].links}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_talk_is_one_tap_from_every_page_for_adults(pages: Pages, language: str) -> None:
    """On the pages of a module but its last, that is a button that takes its number along."""
    for place in (*ADULTS_FIRST_SCREENS[1:], MODULE_0[-1], "now"):
        assert "talk" in {link.to for link in pages[language, place].links}, place


@pytest.mark.parametrize("place", ["40/1", "80/1"])
def test_no_adult_module_is_one_tap_from_the_young_or_the_harmed(pages: Pages, place: str) -> None:
    for language in LANGUAGES:
        page = pages[language, place]

        assert not [link.to for link in page.links if link.to.split("/")[0] in {"0", "11", "12", "20"}]
        assert "/read/" not in page.html


@pytest.mark.parametrize("place", ["11/2", "11/5", "20/1"])
def test_pages_where_a_child_may_have_been_harmed_say_how_it_gets_help(pages: Pages, place: str) -> None:
    assert "How does the child get help?" in pages["en", place].html
    assert "Hoe krijgt het kind hulp?" in pages["nl", place].html


def test_every_page_says_that_nobody_signed_it(pages: Pages) -> None:
    assert not any(page.is_signed for page in pages.values())


def test_every_file_has_room_for_signatures_and_a_day_of_review() -> None:
    texts = [path.read_text(encoding="utf-8") for path in CONTENT.rglob("*.md")]

    assert texts
    assert all("\nsigned = []\n" in text and "\nreview_due = " in text for text in texts)


def test_first_screens_are_written_for_slow_readers(pages: Pages) -> None:
    """Who comes first, in danger, or young, reads A2; modules and the pages about us are B1 (content.md)."""
    easy = {place for (_, place), page in pages.items() if page.level == "A2"}

    assert {
        place for _, place in pages if place.startswith(("0/", "2/", "11/", "12/", "14/", "20/", "40/", "41/"))
    } <= easy
    assert {"home", "talk", "now", "13/1", "80/1"} <= easy


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_another_country_no_page_shows_a_dutch_number(
    pages: Pages, packs: Mapping[str, Pack], words: Mapping[str, Words], now: datetime, language: str
) -> None:
    values = inline_values(
        packs["xx"], words=words[language], now=now, demo=False, programme="Help", helpline="555-0199"
    )
    dutch = {number for signpost in packs["nl"].signposts for number in (*signpost.numbers, signpost.site) if number}
    lines = lines_html(packs["xx"].confidentiality[language], values=values)
    shown = "".join(
        [*(shown_html(page, values=values) for page in pages.values() if page.language == language), *lines]
    )

    assert "555-0100" in shown
    assert [number for number in dutch if number in shown] == []


def test_signposts_that_pages_ask_for_exist_in_the_dutch_pack(pages: Pages, packs: Mapping[str, Pack]) -> None:
    wanted = {wanted for page in pages.values() for wanted in page.signposts}

    assert wanted
    assert [name for name in wanted if packs["nl"].signpost(name) is None] == []


def test_the_slip_says_the_rules_of_both_ways(pages: Pages) -> None:
    for language in LANGUAGES:
        snippets = pages[language, "talk"].snippets
        for way in ("you_ring", "we_ring"):
            assert snippets[f"slip_{way}"]
            assert "{first}" in " ".join(snippets[f"words_{way}"])
            assert "{second}" in " ".join(snippets[f"words_{way}"])
        assert len(snippets["openings"]) == 3
