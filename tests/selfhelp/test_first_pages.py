"""The front page, its languages and channels, and the pages about us."""

import pytest
from werkzeug.test import Client

from helpline.clock.metadatas import METADATA
from helpline.store.inventory import inventory
from selfhelp.kept_words import TITLES, UNTIL
from tests.support.pages import Pages, words
from tests.support.visitors import Served

NAVIGATION = {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Site": "cross-site", "Sec_Fetch_User": "?1"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "nl"),
        ("en", "en"),
        ("en-GB,nl;q=0.8", "en"),
        ("nl;q=0.3, en;q=0.9", "en"),
        ("fr, de;q=0.9", "nl"),
        ("en;q=x", "nl"),
        ("fr-" * 500, "nl"),
        ("EN-us", "en"),
    ],
)
def test_the_start_leads_to_the_browsers_language(reader: Pages, accepted: str, language: str) -> None:
    answer = reader.get("/", Accept_Language=accepted)

    assert answer.response.headers["Location"] == f"/{language}/"


def test_home_says_whether_somebody_is_there_and_when_to_talk(reader: Pages) -> None:
    home = reader.get("/en/")

    assert "Open now, until 21:00" in home.text
    assert "Next time to talk: Monday 1 March, 11:30" in home.text
    assert words(home.one("a", href="/en/talk/code")) == "I have a code"
    assert [it.get("href") for it in home.one("ul", class_="doors").iter("a")] == [
        "/en/read/11/1",
        "/en/read/20/1",
        "/en/read/12/1",
        "/en/read/40/1",
        "/en/read/80/1",
    ]


@pytest.mark.parametrize("channel", ["/k7", "/m2"])
def test_a_channel_is_the_front_page_itself(reader: Pages, channel: str) -> None:
    assert reader.get(channel, Accept_Language="en").body == reader.get("/en/").body


@pytest.mark.parametrize("path", ["/en/", "/en/talk/", "/en/nothing"])
def test_the_crisis_numbers_say_where_to_chat(reader: Pages, path: str) -> None:
    assert "Chat: 113.nl" in words(reader.get(path).one("aside", class_="crisis"))


def test_a_page_without_its_last_stroke_is_the_same_page(reader: Pages) -> None:
    assert reader.get("/en").body == reader.get("/en/").body


def test_a_foreign_query_changes_nothing(reader: Pages) -> None:
    assert reader.get("/en/?via=leaflet").body == reader.get("/en/").body


def test_the_language_switch_keeps_the_page(reader: Pages) -> None:
    page = reader.get("/en/now")

    assert page.one("a", hreflang="nl").get("href") == "/nl/now"


def test_help_now_shows_who_answers_and_who_does_in_writing(reader: Pages) -> None:
    page = reader.get("/en/now")

    assert "113 Suicide Prevention" in page.text
    assert "Closed. Opens today 11:00" in page.text
    quiet = page.text.partition("I cannot speak out loud")[2].partition("Others who can help")[0]
    assert "113 Suicide Prevention" in quiet
    assert "Kindertelefoon" in quiet
    assert "Hotline of Offlimits" not in quiet
    assert "Stop it Now" not in quiet


def test_help_now_shows_first_who_is_open(served: Served, pages: Pages) -> None:
    assert "Open now" not in words(pages.get("/en/now").all("h2")[-2])
    served.clock.wait(minutes=150)
    served.site.refresh()

    text = pages.get("/en/now").text

    assert text.index("Open now Kindertelefoon") < text.index("Others who can help")
    assert "Kindertelefoon" not in text.partition("Others who can help")[2]


def test_who_we_are_says_all_that_the_programme_must_say(reader: Pages, library_site: Served) -> None:
    page = reader.get("/en/who")
    about = library_site.services().settings.programme.about

    for name in about.__dataclass_fields__:
        assert getattr(about, name) in page.text


def test_what_we_keep_names_every_column_that_can_hold_something(reader: Pages) -> None:
    page = reader.get("/en/kept/2")
    text = page.text.lower()

    for entry in inventory(METADATA):
        assert entry.what.lower() in text
        assert entry.why.lower() in text


def test_every_table_and_hour_of_the_inventory_has_words() -> None:
    entries = inventory(METADATA)

    assert {entry.table for entry in entries} == set(TITLES)
    assert {(entry.table, entry.until) for entry in entries} == set(UNTIL)


def test_reading_is_counted_by_page_and_coming_by_channel(library_site: Served, reader: Pages) -> None:
    library_site.tally.cells.clear()
    turns = library_site.tally.turns

    reader.get("/en/read/11/1")
    reader.get("/k7", Accept_Language="nl", **NAVIGATION)
    reader.get("/en/talk/done")
    reader.get("/healthz")
    reader.get("/nothing")

    assert library_site.tally.cells == [
        ("page", "read.11"),
        ("page", "home"),
        ("arrival", "nl.k7"),
        ("page", "other"),
    ]
    assert library_site.tally.turns - turns == 3


def test_health_answers_without_a_database(reader: Pages) -> None:
    assert reader.get("/healthz").body.strip() == "ok"


def test_whom_to_tell_about_a_hole_is_said(reader: Pages) -> None:
    text = reader.get("/.well-known/security.txt").body

    assert "Contact: https://localhost/nl/who\n" in text
    assert "Expires: 2027-08-28T00:00:00Z\n" in text


def test_prefetch_proxies_are_refused(library_site: Served) -> None:
    advice = Client(library_site.site).get("/.well-known/traffic-advice")

    assert advice.json == [{"user_agent": "prefetch-proxy", "disallow": True}]
    assert advice.mimetype == "application/trafficadvice+json"


def test_search_engines_may_come_in_to_read_and_not_to_fill_in(reader: Pages) -> None:
    assert reader.get("/robots.txt").body.startswith("User-agent: *\nDisallow:\n")
    assert reader.get("/en/").response.headers["X-Robots-Tag"] == "noarchive"
    assert reader.get("/en/talk/").response.headers["X-Robots-Tag"] == "noindex"
