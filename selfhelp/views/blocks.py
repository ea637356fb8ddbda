"""The paragraphs that a text asks for by a placeholder: what the jurisdiction's pack says there, as HTML."""

from collections.abc import Callable, Mapping, Sequence

from flask import render_template
from markupsafe import escape

from helpline.programme.agreed import asked
from helpline.programme.placeholders import fill
from helpline.programme.words import Words
from selfhelp.services import language, services

Inline = Mapping[str, str]
"""The HTML of each placeholder that stands inside a sentence."""


def blocks_in(html: str, *, inline: Inline) -> dict[str, str]:
    """Return the HTML of each block that *html* has a placeholder for."""
    return {name: make(inline) for name, make in MAKERS.items() if f"{{{name}}}" in html}


def _confidentiality(inline: Inline) -> str:
    lines = services().library.pack.confidentiality[language()]
    return render_template("_lines.html", lines=_filled(lines, inline=inline), kind="panel")


def _crisis(inline: Inline) -> str:
    del inline
    return render_template("_crisis.html")


def _police_involved(inline: Inline) -> str:
    (line,) = _filled([_words().exercise["police_involved"]], inline=inline)
    return f'<p class="panel">{line}</p>'


def _answers(inline: Inline) -> str:
    """Return the six questions, in a demo too only with answers that lawyer and clinician stand for."""
    found = asked(services().library.pack.answers, words=_words())
    return render_template(
        "_answers.html",
        answered=[(it.question, *_filled([it.answer], inline=inline)) for it in found if it.answer],
        unanswered=[it.question for it in found if not it.answer],
        unsaid=_words().unsaid["answer"],
    )


def _schemes(inline: Inline) -> str:
    """Return the schemes that may be shown: signed, or in a place that says it shows what is not."""
    settings = services().settings
    shows_all = settings.is_demo or settings.programme.show_unsigned
    found = [scheme for scheme in services().library.pack.schemes if scheme.is_signed or shows_all]
    about = _filled([scheme.about[language()] for scheme in found], inline=inline)
    return render_template("_schemes.html", schemes=list(zip(found, about, strict=True)))


def _reporting(inline: Inline) -> str:
    """Return what a professional must or may report there, in a demo too only where both stand for it."""
    lines = services().library.pack.reporting.signed_lines(language()) or (_words().unsaid["reporting"],)
    return render_template("_lines.html", lines=_filled(lines, inline=inline), kind="")


def _hiding_number(inline: Inline) -> str:
    lines = services().snapshot.hiding_number[language()]
    return render_template("_lines.html", lines=_filled(lines, inline=inline), kind="")


def _filled(lines: Sequence[str], *, inline: Inline) -> list[str]:
    return [fill(str(escape(line)), values=inline) for line in lines]


def _words() -> Words:
    return services().library.words[language()]


MAKERS: Mapping[str, Callable[[Inline], str]] = {
    "confidentiality": _confidentiality,
    "crisis": _crisis,
    "police_involved": _police_involved,
    "answers": _answers,
    "schemes": _schemes,
    "reporting": _reporting,
    "hiding_number": _hiding_number,
}
