"""The self-help pages and their exercises. What is typed into one is shown back and kept nowhere."""

from flask import Blueprint, Response, abort, make_response, request, url_for
from flask.typing import ResponseReturnValue

from helpline.programme.exercises import Answers, Faulty, carried, in_words, read_answers, saved_file
from helpline.programme.pages import Page
from selfhelp.forms.reading import ExerciseForm
from selfhelp.services import language, services
from selfhelp.views.rendering import FIELDS_TO_FILL, READING, Text, local_date, see_other, show, text_of

blueprint = Blueprint("reading", __name__)

FORGED = 400
FILE_NAME = "note.html"
"""Names no service, module, path or date."""


@blueprint.get("/<lang:lang>/read/<int:path>/<int:number>")
def read(path: int, number: int) -> Response:
    """Show a page, with its fields if it has any. A page that nobody has signed leads to a person instead."""
    text = _text(path, number)
    if not text.may_be_shown:
        return see_other(url_for("talk.choose"))
    if not text.page.fields:
        return _to_read(text)
    return _to_fill(text, answers=read_answers(text.page.fields, form={}), status=FIELDS_TO_FILL)


def _to_read(text: Text) -> Response:
    snapshot = services().snapshot
    times = snapshot.times(language()) or ()
    today = [time for time in times if text.page.shows_today and local_date(time) == snapshot.today]
    places = [snapshot.place(language(), wanted=wanted) for wanted in text.page.signposts]
    return show("reading/page.html", text=text, today=today[0] if today else None, places=list(filter(None, places)))


@blueprint.post("/<lang:lang>/read/<int:path>/<int:number>")
def answer(path: int, number: int) -> ResponseReturnValue:
    """Show the answers back, and let the visitor keep them, or nothing."""
    text = _text(path, number)
    if not text.page.fields or not text.may_be_shown:
        abort(405)
    answers = read_answers(text.page.fields, form=request.form)
    form = ExerciseForm(request.form)
    if not form.validate():
        return _to_fill(text, answers=answers, status=FORGED)
    if isinstance(answers, Faulty):
        return _to_fill(text, answers=answers, status=422)
    return _step(text, answers=answers)


def _step(text: Text, *, answers: Answers) -> ResponseReturnValue:
    """Do what the pressed button says."""
    wanted = request.form.get("do", "show")
    if wanted == "back" or "lang" in request.form:
        return _to_fill(text, answers=answers, status=READING)
    if wanted == "nothing":
        return see_other(text.page.next.address if text.page.next else "/")
    if wanted == "save":
        return _file(text.page, answers=answers, title=str(text.line("file_title")))
    return show(
        "reading/shown.html",
        text=text,
        said=[(field, in_words(field, answer=answers.values[field.id])) for field in text.page.fields],
        carried=carried(text.page.fields, answers=answers),
        prints=wanted == "print",
    )


def _to_fill(text: Text, *, answers: Answers | Faulty, status: int) -> Response:
    faults = answers.faults if isinstance(answers, Faulty) else {}
    words = services().library.words[language()].faults
    return show(
        "reading/exercise.html",
        status=status,
        text=text,
        values=answers.values,
        faults={field: words[fault] for field, fault in faults.items()},
        is_forged=status == FORGED,
        was_typed=request.method == "POST",
    )


def _file(page: Page, *, answers: Answers, title: str) -> Response:
    """Return the answers as a file that a browser saves and does not show."""
    response = make_response(saved_file(page.fields, answers=answers, title=title, language=language()))
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _text(path: int, number: int) -> Text:
    try:
        text = text_of(f"{path}/{number}")
    except KeyError:
        abort(404)
    return text
