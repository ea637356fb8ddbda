"""Who comes from outside."""

import pytest

from helpline.usage.arrival import arrival_cell, is_arrival

TYPED = {"HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_SITE": "none", "HTTP_SEC_FETCH_USER": "?1"}


@pytest.mark.parametrize("site", ["none", "cross-site"])
def test_a_navigation_from_outside_is_an_arrival(site: str) -> None:
    assert is_arrival(TYPED | {"HTTP_SEC_FETCH_SITE": site})


@pytest.mark.parametrize(
    "change",
    [
        {"HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_MODE": "no-cors"},
        {"HTTP_SEC_FETCH_USER": ""},
        {"HTTP_CACHE_CONTROL": "max-age=0"},
        {"HTTP_CACHE_CONTROL": "no-cache"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
    ],
)
def test_a_link_of_ours_a_reload_and_a_prefetch_are_none(change: dict[str, str]) -> None:
    assert not is_arrival(TYPED | change)


def test_a_browser_that_says_nothing_is_not_counted() -> None:
    assert not is_arrival({})


def test_a_channel_has_a_cell_in_each_language() -> None:
    assert arrival_cell("nl", channel="k7") == "nl.k7"
    assert arrival_cell("en", channel=None) == "en.direct"
