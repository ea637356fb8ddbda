"""The self-help pages and their exercises. What is typed into one is carried on, shown back and kept nowhere."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, request
from flask.typing import ResponseReturnValue

from helpline.programme.exercises import Answers, Faulty, carried, in_words, read_answers
from helpline.programme.fields import Field
from helpline.programme.paths import Path
from helpline.programme.saved import UnreadableFileError, read_file, saved_file
from selfhelp.counting import reached
from selfhelp.forms.reading import StepForm
from selfhelp.services import language, services
from selfhelp.snapshot import Place
from selfhelp.views.rendering import FIELDS_TO_FILL, READING, Text, see_other, show, text_of

blueprint = Blueprint("reading", __name__)

FORGED, TO_MEND = 400, 422
FILE_NAME = "note.html"
"""Names no service, module, path or date."""

SHEET = {"show", "print", "save", "nothing"}
"""What can be done when everything is filled in."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody is on a path, and what came along."""

    path: Path
    number: int
    answers: Answers
    stage: str = ""
    token: str = ""

    @property
    def text(self) -> Text:
        """The page of this step."""
        return Text(self.path.pages[self.number])


@blueprint.get("/<lang:lang>/read/<int:path>/<int:number>")
def read(path: int, number: int) -> Response:
    """Show a page, with its fields if it has any. A page that nobody has signed leads to a person instead."""
    found = _path(path, number)
    if not Text(found.pages[number]).may_be_shown:
        return _to_a_person(found)
    if not found.asks:
        return _to_read(Text(found.pages[number]))
    status = FIELDS_TO_FILL if found.pages[number].fields else READING
    return _stand(Step(found, number, read_answers(found.fields, form={})), status=status)


def _to_a_person(path: Path) -> Response:
    """Lead to the times to talk, instead of a page of *path* that may not be shown."""
    return see_other(text_of("young" if path.is_for_young else "talk").page.address)


def _to_read(text: Text) -> Response:
    today = services().snapshot.times_today(language()) if text.page.shows_today else ()
    return show("reading/page.html", text=text, today=today[0] if today else None, places=_places(text))


@blueprint.post("/<lang:lang>/read/<int:path>/<int:number>")
def move(path: int, number: int) -> ResponseReturnValue:
    """Show page *number*, coming from the page that the form stood on; backwards nothing is looked at."""
    found = _path(path, number)
    if not found.asks:
        abort(405)
    form = StepForm(request.form)
    is_ours = form.validate()
    here = Step(
        found,
        number=form.page_of(found) or number,
        answers=read_answers(found.fields, form=request.form),
        stage=form.stage_text,
        token=form.token_text,
    )
    if not is_ours:
        return _stand(here, status=FORGED)
    if "lang" in request.form:
        return _sheet(here, do="again") if form.is_sheet else _stand(here, status=READING)
    if form.do.data == "more":
        return _stand(here, status=READING, more=True)
    if form.do.data == "open":
        return _opened(here)
    return _on(here, to=number, do=form.do.data or "")


def _on(here: Step, *, to: int, do: str) -> ResponseReturnValue:
    """Go on from *here* to the page *to*, or do with the answers what the pressed button says."""
    if do not in SHEET and to <= here.number:
        return _stand(Step(here.path, to, here.answers, here.stage), status=READING)
    faulty = here.path.faulty_page(here.answers, until=here.path.numbers[-1] if do in SHEET else here.number)
    if faulty is not None:
        return _stand(Step(here.path, faulty, here.answers, here.stage), status=TO_MEND)
    if do in SHEET:
        return _sheet(here, do=do)
    return _stand(Step(here.path, to, here.answers, _moved(here, reached(here.path, to))), status=READING)


def _sheet(here: Step, *, do: str) -> ResponseReturnValue:
    """Show all answers, and let the visitor keep them, or nothing."""
    words = services().library.words[language()]
    if not here.text.may_be_shown:
        return _to_a_person(here.path)
    if do == "nothing" or here.answers.is_empty:
        _moved(here, "finished")
        return see_other(_after(here.path))
    if do == "save":
        return _file(saved_file(here.path.fields, answers=here.answers, words=words))
    said = ((field, in_words(field, answer=here.answers.values[field.id], words=words)) for field in here.path.fields)
    return show(
        "reading/sheet.html",
        text=here.text,
        after=_after(here.path),
        is_safety_plan=here.path.is_quiet,
        said=[(field, lines) for field, lines in said if lines],
        carried=carried(here.path.fields, answers=here.answers),
        stage=_moved(here, "filled") if do == "show" else here.stage,
        words=words,
        prints=do == "print",
    )


def _moved(here: Step, stage: str) -> str:
    """Count that this visit came to *stage*, and return the stage text of its next form."""
    return services().trail.move(here.stage, path=here.path.number, stage=stage, form=here.token)


def _after(path: Path) -> str:
    """Return the address of the page that comes when the answers were shown."""
    return path.pages[path.beyond(path.last_asking) or path.numbers[-1]].address


def _opened(here: Step) -> Response:
    """Show the page filled in from the file that the visitor brought; a file that cannot be used says why."""
    brought = request.files.get("file")
    try:
        answers = read_file(brought.read() if brought else b"", fields=here.path.fields)
    except UnreadableFileError as error:
        return _stand(here, status=TO_MEND, file_fault=error.fault)
    return _stand(Step(here.path, here.number, answers, here.stage), status=READING, is_opened=True)


def _stand(step: Step, *, status: int, more: bool = False, file_fault: str = "", is_opened: bool = False) -> Response:
    """Show the page of *step* with its fields filled in; the answers of the other pages come along unseen."""
    if not step.text.may_be_shown:
        return _to_a_person(step.path)
    page, path = step.text.page, step.path
    words = services().library.words[language()]
    faults = _faults(step, status=status)
    return show(
        "reading/step.html",
        status=status,
        text=step.text,
        path=path,
        values=step.answers.values,
        faults=[(field.first_name, said) for field, said in faults],
        fault_of={field.id: said for field, said in faults},
        file_fault=words.faults[file_fault] if file_fault else "",
        carried=carried([field for field in path.fields if field not in page.fields], answers=step.answers),
        stage=step.stage,
        words=words,
        more=more,
        is_opened=is_opened,
        places=_places(step.text),
        is_forged=status == FORGED,
        was_typed=request.method == "POST",
    )


def _faults(step: Step, *, status: int) -> list[tuple[Field, str]]:
    """Return the fields of this page that are to mend, with what to do; on the way back nothing is."""
    if status != TO_MEND or not isinstance(step.answers, Faulty):
        return []
    said, found = services().library.words[language()].faults, step.answers.faults
    return [(field, said[found[field.id]]) for field in step.text.page.fields if field.id in found]


def _file(text: str) -> Response:
    """Return the answers as a file that a browser saves and does not show."""
    response = make_response(text)
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _places(text: Text) -> list[Place]:
    """Return whom the page names below its text, as far as they may be shown."""
    snapshot = services().snapshot
    return [place for wanted in text.page.signposts if (place := snapshot.place(language(), wanted=wanted))]


def _path(path: int, number: int) -> Path:
    found = services().library.paths.get((language(), path))
    if found is None or number not in found.pages:
        abort(404)
    return found
