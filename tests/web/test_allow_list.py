"""What no code of ours is given, whatever a server or a network puts beside a request."""

import pytest
from werkzeug.test import EnvironBuilder

from helpline.web.shared import KNOWN_TO_A_VIEW, rebuilt

TELLTALES = {
    "REMOTE_ADDR": "127.7.7.7",
    "REMOTE_PORT": "7777",
    "REMOTE_HOST": "somebody.example",
    "REMOTE_USER": "somebody",
    "RAW_URI": "/nl/?who=somebody",
    "REQUEST_URI": "/nl/?who=somebody",
    "gunicorn.socket": object(),
    "PROXY_ADDR": "127.7.7.7",
    "SSL_CLIENT_CERT": "somebody",
    "HTTP_X_FORWARDED_FOR": "127.7.7.7",
    "HTTP_X_FORWARDED_HOST": "somebody.example",
    "HTTP_X_REAL_IP": "127.7.7.7",
    "HTTP_FORWARDED": "for=127.7.7.7",
    "HTTP_CF_CONNECTING_IP": "127.7.7.7",
    "HTTP_TRUE_CLIENT_IP": "127.7.7.7",
    "HTTP_X_A_HEADER_OF_TOMORROW": "127.7.7.7",
    "HTTP_USER_AGENT": "somebody's browser",
    "HTTP_REFERER": "https://somebody.example/",
    "HTTP_COOKIE": "who=somebody",
    "HTTP_AUTHORIZATION": "somebody",
    "HTTP_ORIGIN": "https://somebody.example",
    "HTTP_X_REQUESTED_WITH": "app.of.somebody",
    "HTTP_SEC_CH_UA": "somebody's browser",
}


@pytest.mark.parametrize("name", TELLTALES)
def test_a_view_is_not_given(name: str) -> None:
    environ = EnvironBuilder("/nl/").get_environ() | TELLTALES

    assert name not in rebuilt(environ)


def test_a_view_is_given_what_it_needs_and_no_query() -> None:
    environ = EnvironBuilder("/nl/", query_string="who=somebody").get_environ() | {"SCRIPT_NAME": "/somebody"}

    known = rebuilt(environ)

    assert set(known) <= KNOWN_TO_A_VIEW | {"SCRIPT_NAME", "QUERY_STRING"}
    assert (known["PATH_INFO"], known["QUERY_STRING"], known["SCRIPT_NAME"]) == ("/nl/", "", "")


def test_the_back_office_may_ask_for_its_cookie() -> None:
    environ = EnvironBuilder("/").get_environ() | TELLTALES

    assert rebuilt(environ, also=("HTTP_COOKIE",))["HTTP_COOKIE"] == "who=somebody"
