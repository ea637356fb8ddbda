"""Who comes from outside."""

import pytest

from helpline.usage.arrival import arrival_cell, headers_in, is_arrival

TYPED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none", "Sec-Fetch-User": "?1"}


@pytest.mark.parametrize("site", ["none", "cross-site"])
def test_a_navigation_from_outside_is_an_arrival(site: str) -> None:
    assert is_arrival(TYPED | {"Sec-Fetch-Site": site})


@pytest.mark.parametrize(
    "change",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-User": ""},
        {"Cache-Control": "max-age=0"},
        {"Cache-Control": "no-cache"},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_a_link_of_ours_a_reload_and_a_prefetch_are_none(change: dict[str, str]) -> None:
    assert not is_arrival(TYPED | change)


def test_a_browser_that_says_nothing_is_not_counted() -> None:
    assert not is_arrival({})


def test_the_headers_are_found_in_a_request() -> None:
    environ = {"HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_SITE": "none", "HTTP_SEC_FETCH_USER": "?1", "x": 1}

    assert headers_in(environ) == TYPED


def test_a_channel_has_a_cell_in_each_language() -> None:
    assert arrival_cell("nl", channel="k7") == "nl.k7"
    assert arrival_cell("en", channel=None) == "en.direct"
