"""What holds for every answer of the back office: said once, checked whenever a test opens a page."""

import re
from itertools import pairwise

from tests.support.pages import Opened, words

HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "x-dns-prefetch-control": "off",
    "x-permitted-cross-domain-policies": "none",
    "x-robots-tag": "noindex",
}


ONLY_SOMETIMES = {
    "allow",
    "clear-site-data",
    "content-disposition",
    "content-length",
    "content-type",
    "location",
    "retry-after",
    "set-cookie",
    "strict-transport-security",
}


COOKIE = re.compile(
    r"__Host-(office|device)=[^;]*;( Expires=[^;]+; Max-Age=\d+;)? Secure; HttpOnly; Path=/; SameSite=Strict"
)


CRISIS = ("112", "113", "0800-2000", "0800-0432")
"""Of the country of the tests."""

PICTURE = "data:image/png;base64,"


def looked_at(page: Opened) -> Opened:
    """Return *page*, after failing if it breaks a rule that holds for every answer of the back office."""
    _check_headers(page)
    if page.response.mimetype == "text/html" and page.status != 303:
        for check in (_check_frame, _check_crisis, _check_ids, _check_nothing_foreign, _check_forms, _check_tables):
            check(page)
    return page


def _check_headers(page: Opened) -> None:
    for cookie in page.response.headers.getlist("Set-Cookie"):
        assert COOKIE.fullmatch(cookie) or "Expires=Thu, 01 Jan 1970" in cookie, cookie
    headers = {name.lower(): value for name, value in page.response.headers}
    for name, value in HEADERS.items():
        assert headers.pop(name, None) == value, f"{name} at {page.path}"
    policy = headers.pop("content-security-policy")
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "publickey-credentials-get=(self)" in headers.pop("permissions-policy")
    assert set(headers) <= ONLY_SOMETIMES, set(headers) - ONLY_SOMETIMES


def _check_frame(page: Opened) -> None:
    assert page.root.get("lang") in {"nl", "en-GB"}
    assert page.title.strip()
    assert page.heading
    page.one("main", id="main")
    levels = [int(it.tag[1]) for it in page.root.iter() if it.tag in {"h1", "h2", "h3"}]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def _check_crisis(page: Opened) -> None:
    for number in CRISIS:
        assert number in page.text, f"{number} at {page.path}"


def _check_ids(page: Opened) -> None:
    ids = [it.get("id") for it in page.root.iter() if it.get("id")]
    assert len(ids) == len(set(ids)), f"ids twice at {page.path}: {ids}"
    pointed = [it.get("for") for it in page.all("label") if it.get("for")]
    for name in ("aria-describedby", "aria-labelledby"):
        pointed += [it for element in page.root.iter() for it in (element.get(name) or "").split()]
    pointed += [str(it.get("href"))[1:] for it in page.all("a") if str(it.get("href")).startswith("#")]
    assert set(pointed) <= set(ids), f"{set(pointed) - set(ids)} at {page.path}"


def _check_nothing_foreign(page: Opened) -> None:
    for element in page.root.iter():
        assert element.tag not in {"svg", "iframe", "object", "embed"}, page.path
        assert not element.get("style"), page.path
        assert not any(name.startswith("on") for name in element.keys()), page.path  # noqa: SIM118 - not a dict
        for name in ("href", "src", "action"):
            address = element.get(name) or "/"
            assert address.startswith(("/", "#", PICTURE)) or address == "data:,", f"{address} at {page.path}"
            assert not address.startswith("//"), f"{address} at {page.path}"
            assert "?" not in address or address.startswith(PICTURE), f"a query at {page.path}"


def _check_forms(page: Opened) -> None:
    labelled = {it.get("for") for it in page.all("label")}
    within = {id(it) for label in page.all("label") for it in label.iter("input")}
    for form in page.all("form"):
        assert form.get("method") == "post", page.path
        assert any(it.get("name") == "csrf_token" and it.get("value") for it in form.iter("input")), page.path
    for element in [*page.all("input"), *page.all("select")]:
        if element.get("type") != "hidden":
            assert element.get("id") in labelled or id(element) in within, f"{element.get('name')} at {page.path}"
        assert element.get("type") != "password" or not element.get("value")


def _check_tables(page: Opened) -> None:
    for table in page.all("table"):
        captions = list(table.iter("caption"))
        assert len(captions) == 1, page.path
        assert words(captions[0]), page.path
        assert all(head.get("scope") in {"row", "col"} for head in table.iter("th")), page.path
