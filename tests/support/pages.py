"""A client that looks at every page a test opens, and says what is wrong with it before the test goes on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import Client, TestResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STEP = 4_000
FIRST_FLIGHT = 14_000
"""What fits into the first answer of a line, headers and all (front-end.md)."""

HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "x-dns-prefetch-control": "off",
    "x-permitted-cross-domain-policies": "none",
}
ONLY_SOMETIMES = {"content-type", "content-length", "location", "content-disposition", "retry-after", "allow"}
POLICY = re.compile(
    r"default-src 'none'; script-src 'sha256-[\w+/=]{44}' 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'; "
    r"img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    r"require-trusted-types-for 'script'; trusted-types 'none'"
)
SHOWN_INPUTS = {"text", "radio", "checkbox"}
TEXT_FIELD = {
    "autocomplete": "off",
    "spellcheck": "false",
    "autocorrect": "off",
    "autocapitalize": "off",
    "writingsuggestions": "false",
}
EXIT_REL = "noreferrer nofollow"


@dataclass(frozen=True)
class Opened:
    """An answer, read as a browser reads it."""

    response: TestResponse
    path: str
    method: str

    @property
    def status(self) -> int:
        """Return the status."""
        return self.response.status_code

    @cached_property
    def body(self) -> str:
        """Return the text of the answer."""
        return self.response.get_data(as_text=True)

    @cached_property
    def root(self) -> Element:
        """Return the page as a tree; a parse error is an error."""
        root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(self.body)
        return root

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements *tag* with those attributes (``class_`` for class), in order."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [it for it in self.root.iter(tag) if all(it.get(key) == value for key, value in wanted.items())]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the one such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}> at {self.path}"
        return found[0]

    @property
    def has_form(self) -> bool:
        """Return whether something can be sent from this page."""
        return "<form" in self.body

    @property
    def heading(self) -> str:
        """Return the words of the h1."""
        return words(self.one("h1"))

    @property
    def title(self) -> str:
        """Return the title."""
        return words(self.one("title"))

    @property
    def text(self) -> str:
        """Return every word of the page that can be seen, in order."""
        return words(self.one("body"))

    def fields(self, form: int = 0) -> dict[str, str]:
        """Return what a browser would send with that form, before anything is filled in or pressed."""
        return dict(_sent(list(self.root.iter("form"))[form]))


def words(element: Element) -> str:
    """Return the words in *element* with single spaces, without those of scripts and styles."""
    return " ".join("".join(_texts(element)).split())


class Pages:
    """Opens pages of the visitors' site as a browser without script would."""

    def __init__(self, site: "WSGIApplication", *, heaviest: int = FIRST_FLIGHT) -> None:
        """Open pages of *site*; a page that holds long answers may be *heaviest* bytes, headers and all."""
        self._client = Client(site)
        self._heaviest = heaviest

    def get(self, path: str, **headers: str) -> Opened:
        """Ask for *path*."""
        return self._opened(path, method="GET", response=self._client.get(path, headers=_named(headers)))

    def ask(self, method: str, path: str, **headers: str) -> Opened:
        """Ask for *path* in another way than a browser does."""
        said = _named(headers) | {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "0"}
        return self._opened(path, method=method, response=self._client.open(path, method=method, headers=said))

    def post(self, path: str, data: Mapping[str, str], **headers: str) -> Opened:
        """Send *data* to *path* as a form of the site itself does."""
        said = {"Sec-Fetch-Site": "same-origin"} | _named(headers)
        return self._opened(path, method="POST", response=self._client.post(path, data=dict(data), headers=said))

    def send(self, page: Opened, filled: Mapping[str, str], *, form: int = 0) -> Opened:
        """Fill in a form of *page*, press a button of it (a field of *filled*) and return what comes back."""
        element = list(page.root.iter("form"))[form]
        action = str(element.get("action")).partition("#")[0]
        return self.post(action, dict(_sent(element)) | dict(filled))

    def send_raw(self, path: str, body: bytes, *, kind: str) -> Opened:
        """Send *body*, said to be of *kind*, to *path*."""
        said = {"Sec-Fetch-Site": "same-origin", "Content-Type": kind}
        return self._opened(path, method="POST", response=self._client.post(path, data=body, headers=said))

    def upload(self, page: Opened, filled: Mapping[str, str], *, file: tuple[IO[bytes], str]) -> Opened:
        """Fill in the form of *page* that takes a file, choose *file* (content and name) and press a button."""
        data: dict[str, object] = {**page.fields(), **filled}
        said = {"Sec-Fetch-Site": "same-origin"}
        content = {"Content-Type": "multipart/form-data"}
        response = self._client.post(page.path, data=data | {"file": file}, headers=said | content)
        return self._opened(page.path, method="POST", response=response)

    def follow(self, answer: Opened) -> Opened:
        """Go where *answer* leads."""
        assert answer.status == 303
        return self.get(answer.response.headers["Location"])

    def _opened(self, path: str, *, method: str, response: TestResponse) -> Opened:
        opened = Opened(response, path, method)
        inspect(opened, heaviest=self._heaviest)
        return opened


def inspect(page: Opened, *, heaviest: int = FIRST_FLIGHT) -> None:
    """Fail if *page* breaks one of the rules that hold for every answer of the visitors' site."""
    _check_headers(page, heaviest=heaviest)
    is_file = "Content-Disposition" in page.response.headers
    if page.response.mimetype == "text/html" and not is_file:
        for check in (_check_frame, _check_ids, _check_nothing_foreign, _check_way_out, _check_forms):
            check(page)


def _check_headers(page: Opened, *, heaviest: int) -> None:
    headers = {name.lower(): value for name, value in page.response.headers}
    for name, value in HEADERS.items():
        assert headers.pop(name, None) == value, f"{name} at {page.path}"
    assert POLICY.fullmatch(headers.pop("content-security-policy"))
    assert headers.pop("permissions-policy").count("=()") > 30
    assert headers.pop("x-robots-tag") in {"noindex", "noarchive"}
    assert set(headers) <= ONLY_SOMETIMES, f"{set(headers) - ONLY_SOMETIMES} at {page.path}"
    body = page.response.get_data()
    assert len(body) % STEP == 0, f"{len(body)} bytes at {page.path}"
    head = sum(len(name) + len(value) + 4 for name, value in page.response.headers)
    assert len(body) + head < heaviest, f"{len(body)} + {head} bytes at {page.path}"
    assert page.method == "POST" or page.status not in {200, 203} or int(headers["content-length"]) == len(body)


def _check_frame(page: Opened) -> None:
    language = page.root.get("lang")
    assert language in {"nl", "en-GB"}, page.path
    assert page.title.strip()
    assert page.heading
    levels = [int(it.tag[1]) for it in page.root.iter() if it.tag in {"h1", "h2", "h3"}]
    # An error summary stands above the h1, as a heading of its own.
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    page.one("main", id="main")
    crisis = [it for it in page.root.iter() if "crisis" in (it.get("class") or "").split()]
    assert len(crisis) == 1, f"{len(crisis)} crisis blocks at {page.path}"
    assert "112" in words(crisis[0])


def _check_ids(page: Opened) -> None:
    ids = [it.get("id") for it in page.root.iter() if it.get("id")]
    assert len(ids) == len(set(ids)), f"ids twice at {page.path}"
    pointed = [it.get("for") for it in page.root.iter("label") if it.get("for")]
    pointed += [name for it in page.root.iter() for name in (it.get("aria-describedby") or "").split()]
    pointed += [name for it in page.root.iter() for name in (it.get("aria-labelledby") or "").split()]
    pointed += [str(it.get("href"))[1:] for it in page.root.iter("a") if str(it.get("href")).startswith("#")]
    assert set(pointed) <= set(ids), f"{set(pointed) - set(ids)} at {page.path}"


def _check_nothing_foreign(page: Opened) -> None:
    for element in page.root.iter():
        assert element.tag not in {"svg", "math", "iframe", "object", "embed"}, page.path
        assert element.tag not in {"img", "link", "script"} or not element.get("src"), page.path
        assert not element.get("style"), page.path
        assert not any(name.startswith("on") for name in element.keys()), page.path  # noqa: SIM118 - not a dict
        for name in ("href", "src", "action"):
            address = element.get(name) or ""
            is_ours = address.startswith(("/", "#", "tel:")) or address == "data:,"
            is_ours = is_ours or (address.startswith("data:text/calendar;") and bool(element.get("download")))
            is_ours = is_ours or (element.get("rel") == "alternate" and address.startswith("https://localhost/"))
            assert not address or is_ours or element.get("id") == "exit", f"{address} at {page.path}"
            assert "?" not in address, f"a query at {page.path}"
    assert [it.get("rel") for it in page.root.iter("link") if it.get("rel") != "alternate"] == ["icon"]


def _check_way_out(page: Opened) -> None:
    skip, leave = list(page.one("body").iter("a"))[:2]
    assert skip.get("href") == "#main"
    assert leave.get("id") == "exit"
    assert str(leave.get("href")).startswith("https://")
    assert leave.get("rel") == EXIT_REL
    assert not leave.get("target")


def _check_forms(page: Opened) -> None:
    labelled = {it.get("for") for it in page.root.iter("label")}
    within = {id(field) for label in page.root.iter("label") for field in label.iter("input")}
    for form in page.root.iter("form"):
        assert form.get("method") == "post"
        assert form.get("autocomplete") == "off"
        secret = [it for it in form.iter("input") if it.get("type") == "password"]
        assert len(secret) == 1, page.path
        assert "hidden" in secret[0].keys()  # noqa: SIM118 - not a dict
        assert secret[0].get("value")
        tokens = [it.get("value") for it in form.iter("input") if it.get("name") == "token"]
        assert [len(token or "") for token in tokens] == [48], page.path
        assert "~" not in str(tokens[0]), "a hole that was not filled"
    for field in page.root.iter("input"):
        if field.get("type") in SHOWN_INPUTS:
            assert field.get("id") in labelled or id(field) in within, f"{field.get('name')} at {page.path}"
        if field.get("type") == "text":
            assert {name: field.get(name) for name in TEXT_FIELD} == TEXT_FIELD
    has_field = any(it.get("type") in SHOWN_INPUTS for it in page.root.iter("input"))
    if page.status in {200, 203}:
        assert (page.status == 203) is (has_field or page.method == "POST"), f"{page.status} at {page.path}"


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _sent(form: Element) -> Iterator[tuple[str, str]]:
    for field in form.iter("input"):
        is_choice = field.get("type") in {"radio", "checkbox"}
        if not is_choice or field.get("checked") is not None:
            yield str(field.get("name")), field.get("value") or ""
    for field in form.iter("select"):
        options = list(field.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options
        yield str(field.get("name")), chosen[0].get("value", words(chosen[0]))


def _texts(element: Element) -> Iterator[str]:
    if element.tag not in {"script", "style"}:
        yield element.text or ""
        for child in element:
            yield from _texts(child)
            yield child.tail or ""
            yield " "
