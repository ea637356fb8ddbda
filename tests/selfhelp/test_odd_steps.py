"""Forms of a path that no page of ours sends: each answer is a whole page, and nothing of it is markup."""

from urllib.parse import urlencode

import pytest
from werkzeug.test import Client

from tests.support.pages import Opened, Pages
from tests.support.visitors import Served
from tests.support.walks import FIRST, MIDDLE, TYPED, address, kept, walk

PLAIN = "application/x-www-form-urlencoded"
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture(scope="module")
def visitor(walking: Served) -> Pages:
    """Give a visitor to whom long pages may come back."""
    return Pages(walking.site, heaviest=2_000_000)


@pytest.fixture
def form(walker: Pages) -> Opened:
    """Give the first page with fields."""
    return walker.get(address(FIRST))


def posted(pages: Pages, raw: str, form: Opened) -> Opened:
    """Send *raw* behind the fields of *form*."""
    body = urlencode({**form.fields(), "do": "more"}) + "&" + raw
    return pages.send_raw(address(3), body.encode("latin-1"), kind=PLAIN)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("note=a%ED%A0%80b", "a%ED%A0%80b"),
        ("note=a%FFb%C3", "a%FFb%C3"),
        ("note=a%00b", "ab"),
        ("note=a%", "a%"),
        ("note=a+b%2Bc", "a b+c"),
        ("note=%E2%80%AEolleh", "\u202eolleh"),
        ("note=first&note=second", "first"),
        ("note=first;note=second", "first;note=second"),
        ("note[]=x&note.a=y&note", ""),
    ],
)
def test_what_is_no_text_is_read_as_text(visitor: Pages, form: Opened, raw: str, read: str) -> None:
    fields = {name: text for name, text in form.fields().items() if name != "note"}
    body = urlencode(fields) + "&do=more&" + raw

    page = visitor.send_raw(address(3), body.encode(), kind=PLAIN)

    assert page.status == 203
    assert kept(page).get("note", "") == read


def test_a_thousand_unseen_fields_are_refused(visitor: Pages, form: Opened) -> None:
    assert posted(visitor, "&".join(f"x{number}=y" for number in range(1_000)), form).status == 413


def test_names_that_are_none_of_ours_are_passed_over(visitor: Pages, form: Opened) -> None:
    page = posted(visitor, "&".join(f"diary-{number}-day=y" for number in range(8, 100)), form)

    assert page.status == 203
    assert kept(page) == {}
    assert "diary-9-day" not in page.body


@pytest.mark.parametrize(
    "name", ["note", "plan-if", "worry", "sure", "diary-7-did", "stage", "at", "do", "lang", "sheet"]
)
def test_markup_in_any_field_is_text(visitor: Pages, form: Opened, name: str) -> None:
    for do in ("more", "", "show", "open"):
        page = visitor.post(address(MIDDLE), {**form.fields(), "do": do, name: EVIL})

        assert page.status in {203, 303, 422}
        assert "<script>alert" not in page.body
        assert not page.all("img")
        assert "49" not in page.fields().values() if page.has_form else True


@pytest.mark.parametrize("name", ["note", "diary-3-did", "plan-then"])
def test_a_very_long_answer_comes_back_whole_to_be_mended(visitor: Pages, form: Opened, name: str) -> None:
    long = "lang " * 20_000

    page = visitor.post(address(MIDDLE), {**form.fields(), "do": "show", name: long})

    assert page.status == 422
    assert page.fields()[name] == long.strip()


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_a_path_is_read_and_walked_and_nothing_else(reader: Pages, method: str) -> None:
    page = reader.ask(method, "/en/read/0/3")

    assert page.status == 405
    assert set(page.response.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_looking_at_the_head_of_a_page_gives_no_page(library_site: Served) -> None:
    head = Client(library_site.site).head("/en/read/0/3")

    assert head.status_code == 203
    assert head.get_data() == b""


def test_a_sheet_of_another_page_is_the_same_sheet(walker: Pages) -> None:
    """Where a form stood is only a place to come back to."""
    page = walk(walker, until=MIDDLE)

    shown = walker.post(address(1), {**page.fields(), **TYPED[MIDDLE], "do": "show", "at": "1"})

    assert shown.status == 203
    assert kept(shown) == kept(page) | TYPED[MIDDLE]
