"""The proxy that is shipped: it logs nobody, passes nobody on, and its own pages hold crisis numbers too."""

import re
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
CONFIGURATION = re.sub(r"#.*", "", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))

OWN_STATUSES = (
    *(400, 403, 404, 405, 408, 411, 412, 413, 414, 416, 421, 431),
    *(494, 495, 496, 497, 500, 501, 502, 503, 504, 505),
)
"""What nginx answers by itself, without asking the site: what it cannot read, refuses, or gets no answer to."""


def values(directive: str) -> list[str]:
    return re.findall(rf"\b{directive}\s+([^;]*);", CONFIGURATION)


def test_every_answer_of_the_proxys_own_is_the_page_with_the_crisis_numbers() -> None:
    (said,) = values("error_page")
    *statuses, page = said.split()

    assert set(OWN_STATUSES) <= set(map(int, statuses))
    assert page == "/away.html"
    assert all(f'href="tel:{number}"' in (DEPLOY / "away.html").read_text() for number in ("112", "113", "08000113"))


def test_the_sites_own_faults_are_passed_on() -> None:
    assert values("proxy_intercept_errors") == []


def test_no_log_of_the_proxys_can_name_a_visitor() -> None:
    assert values("access_log") == ["off"]
    assert {level.split()[-1] for level in values("error_log")} == {"emerg"}
    assert values("log_format") == []


def test_the_proxy_tells_the_site_nothing_of_who_asks() -> None:
    assert re.findall(r"\$(?!http_host\b)\w+", CONFIGURATION) == []
    told = dict(said.split(maxsplit=1) for said in values("proxy_set_header"))
    assert {name for name, value in told.items() if value == '""'} == {"User-Agent", "Referer", "Cookie"}
    assert set(told) == {"Host", "X-Forwarded-Proto", "User-Agent", "Referer", "Cookie"}
