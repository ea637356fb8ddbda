"""What every template may say: the language, the layout, the crisis numbers, the way out."""

from typing import Any

from flask import Flask, request
from flask_babel import lazy_gettext

from helpline.programme.exercises import rows_of
from helpline.programme.fields import MOST_ROWS
from helpline.programme.paths import FOR_YOUNG
from helpline.programme.signposts import number_html
from selfhelp.forms.talk import time_value
from selfhelp.services import form_token, language, locale, services
from selfhelp.views.rendering import clock_words, day_words, free_now, moment_words, text_of

IN_FOOTER = ("private", "kept", "who", "access")
"""Pages that every page leads to."""

SIGNERS = {
    "clinician": lazy_gettext("a clinician"),
    "survivors": lazy_gettext("a survivor organisation"),
    "lawyer": lazy_gettext("a lawyer"),
    "experience": lazy_gettext("a person with lived experience"),
}
"""The four who make a text whole; each chose to stand here with a name or with a function."""


def fill_templates(app: Flask) -> None:
    """Give the templates of *app* their common words."""
    app.context_processor(_common)
    app.jinja_env.filters |= {
        "capitalised": _capitalised,
        "clock": clock_words,
        "day": day_words,
        "moment": moment_words,
        "time_value": time_value,
    }
    app.jinja_env.globals |= {
        "most_rows": MOST_ROWS,
        "free_now": free_now,
        "number": _number,
        "rows_of": rows_of,
        "signer": _signer,
        "young": FOR_YOUNG,
    }


def _common() -> dict[str, Any]:
    found = services()
    programme = found.settings.programme
    return {
        "language": language(),
        "html_language": locale().replace("_", "-"),
        "others": [
            (tongue, found.library.words[tongue].name, _here(tongue))
            for tongue in programme.languages
            if tongue != language()
        ],
        "all_languages": [(tongue, _whole(_here(tongue))) for tongue in programme.languages],
        "programme": programme,
        "style": found.layout.style,
        "script": found.layout.script,
        "file_script": found.layout.file_script,
        "exit_url": programme.exits[language()],
        "is_demo": found.settings.is_demo,
        "opening": found.snapshot.opening[language()],
        "crisis": [place for place in found.snapshot.places[language()] if place.signpost.id in found.snapshot.crisis],
        "form_token": form_token,
        "text_of": text_of,
        "in_footer": IN_FOOTER,
    }


def _here(tongue: str) -> str:
    """Return the path of this page in the language *tongue*."""
    first, *rest = request.path[1:].split("/")
    names_a_language = first in services().settings.programme.languages and request.endpoint is not None
    return "/".join(["", tongue, *rest]) if names_a_language else f"/{tongue}/"


def _whole(path: str) -> str:
    """Return *path* with our name before it: search engines take no other address of a page in another language."""
    return f"https://{services().settings.allowed_hosts[0]}{path}"


def _capitalised(text: str) -> str:
    """Return *text* as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _number(number: str) -> str:
    """Return *number* as HTML: a link that dials it; in a demo text, which rings nobody."""
    return number_html(number, linked=not services().settings.is_demo)


def _signer(role: str) -> str:
    """Return what somebody is who signed in this *role*."""
    return str(SIGNERS[role])
