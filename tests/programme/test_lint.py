"""Each rule over texts can fail."""

from dataclasses import replace

import pytest

from helpline.languages import LANGUAGES
from helpline.programme.lint import page_faults, text_faults
from helpline.programme.pages import Pages
from helpline.programme.readability import reading, sentences
from helpline.programme.rules import load_rules

LONG = "This sentence goes on and on and on until it has one word more than a tired reader can hold now."


RULES = load_rules(languages=LANGUAGES)


def changed(pages: Pages, markdown: str, *, place: str = "0/2", language: str = "en") -> list[str]:
    return list(page_faults(replace(pages[language, place], markdown=markdown), rules=RULES[language]))


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("This is about predators.", "en", "a word we do not use: predators"),
        ("A MAP is shown.", "en", "a word we do not use: MAP"),
        ("He is a pedophile.", "en", "a word we do not use: pedophile"),
        ("You have a relationship.", "en", "a word we do not use: relationship"),
        ("Het gaat over daders.", "nl", "a word we do not use: daders"),
        ("Je blijft anoniem.", "nl", "a word we do not use: anoniem"),
        ("Ring 0800 123.", "en", "digits that look like a number: 0800 123"),
        ("Ring 112.", "en", "digits that look like a number: 112"),
        ("Ring 06-20262026.", "en", "digits that look like a number: 06-20262026"),
        ("Look at example.org for more.", "en", "an address: example.org"),
        ("Look <b>here</b>.", "en", "raw HTML: <b"),
        ("Do this. {lawyer} can help.", "en", "'. {lawyer}' begins a sentence"),
        ("Delete the files.", "en", "advice to erase: Delete the files."),
        ("Verwijder de bestanden.", "nl", "advice to erase: Verwijder de bestanden."),
        (f"Read this. {LONG}", "en", f"a sentence of more than 20 words: {LONG}"),
    ],
)
def test_a_text_that_breaks_a_rule_is_named(text: str, language: str, wanted: str) -> None:
    assert wanted in list(text_faults(text, rules=RULES[language]))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Do not delete anything.", "en"),
        ("Wis niets.", "nl"),
        ("Leg het in een map.", "nl"),
        ("We checked this on 22 November 2026.", "en"),
        ("You are under 18. It takes 5 minutes, or 10.", "en"),
        ("Speak with {lawyer} first.", "en"),
        ("Version 2.2 says so.", "en"),
    ],
)
def test_a_text_that_breaks_no_rule_passes(text: str, language: str) -> None:
    assert list(text_faults(text, rules=RULES[language])) == []


def test_where_somebody_may_be_suicidal_the_harm_is_not_named(pages: Pages) -> None:
    assert "a word that has no place here: harms" in changed(pages, "It harms a child.", place="12/1")
    assert "a word that has no place here: kwaad" in changed(pages, "Het doet kwaad.", place="now", language="nl")


def test_the_first_screen_of_the_police_has_no_word_on_law(pages: Pages) -> None:
    assert "a word that has no place here: law" in changed(pages, "It is the law.", place="12/1")
    assert changed(pages, "It is the law.", place="20/1") == []


def test_a_mean_above_twelve_words_is_a_fault(pages: Pages) -> None:
    thirteen = "If you can, then sit on a seat by the lamp and rest."

    assert "sentences of 13.0 words in the mean" in changed(pages, thirteen)


def test_long_words_are_too_hard_for_a_first_screen(pages: Pages) -> None:
    hard = "Confidentiality considerations necessitate consultation."

    assert any("too hard for A2" in fault for fault in changed(pages, hard))


def test_labels_are_read_as_well(pages: Pages) -> None:
    page = pages["en", "0/3"]
    field = replace(page.fields[0], label="Ring 112")

    assert list(page_faults(replace(page, fields=(field,)), rules=RULES["en"])) == [
        "digits that look like a number: 112"
    ]


def test_headings_are_no_sentences_and_items_are() -> None:
    text = (
        "## A heading\n\nOne. Two!\n\n- **Three** words here\n- Four? [Five](now)\n\n{crisis}\n\n1. Ring {helpline}.\n"
    )

    assert sentences(text) == ["One.", "Two!", "Three words here", "Four?", "Five", "Ring help."]


def test_a_quoted_sentence_ends_inside_its_quotes() -> None:
    assert sentences('Say: "I am here." Then wait.') == ['Say: "I am here."', "Then wait."]


def test_no_sentence_has_no_reading_ease() -> None:
    assert reading("{crisis}\n", formula=RULES["en"].ease) is None
