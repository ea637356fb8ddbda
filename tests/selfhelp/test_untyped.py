"""What no keyboard types is left out of every field: a page that repeats it would be no HTML (every page is parsed)."""

import pytest

from tests.support.pages import Pages
from tests.support.visitors import Served

SIGNS = "\0\x01\x08\x0b\x0c\x1b\x7f\x80\x85\x9f\ufdd0\uffff\U0010fffe"


def noisy(text: str) -> str:
    """Return *text* with every one of SIGNS behind each letter."""
    return "".join(letter + SIGNS for letter in text)


@pytest.mark.parametrize(
    ("path", "field", "typed"),
    [
        ("/en/talk/code", "code", "AB CD"),
        ("/en/talk/", "number", "06 12"),
        ("/en/read/0/3", "plan-then", "I ring ☎ 'somebody'"),
    ],
)
def test_a_field_is_shown_again_without_them(reader: Pages, path: str, field: str, typed: str) -> None:
    sent = {field: noisy(typed), "way": "we_ring", "sure": "99", "do": "show", SIGNS: SIGNS}

    page = reader.send(reader.get(path), sent)

    assert page.status == 422
    assert page.one("input", id=field).get("value") == typed


def test_tabs_and_lines_stay_where_lines_are_allowed(reader: Pages) -> None:
    page = reader.send(reader.get("/en/read/0/3"), {"plan-if": f"late\n\t{SIGNS}evening", "do": "show"})

    assert page.one("input", name="plan-if").get("value") == "late\n\tevening"


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_a_fault_keeps_what_was_sent_without_them(
    served: Served, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    form = pages.get("/en/talk/")
    served.clock.wait(seconds=10)
    chosen = str(form.all("input", name="time")[0].get("value"))
    monkeypatch.setattr("selfhelp.views.talk.request_callback", broken)

    fault = pages.send(form, {"time": chosen, "way": "we_ring", "number": noisy("0612345678"), f"x{SIGNS}": "y"})
    assert fault.status == 500
    assert (fault.fields()["number"], fault.fields()["x"]) == ("0612345678", "y")
