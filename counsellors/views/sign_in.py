"""Come in and go out. What was asked for meanwhile is kept in the page."""

from collections.abc import Mapping

from flask import Blueprint, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from counsellors.forms.sign_in import SignInForm
from counsellors.free_now import me
from counsellors.kept_words import kept_in_words
from counsellors.rendering import FIELDS_TO_FILL, see_other, show
from counsellors.services import now, services
from helpline.callbacks.free_now import switch_off
from helpline.staff.accounts import members
from helpline.staff.audit import Deed, append
from helpline.staff.factors import current_code, secret_of
from helpline.staff.keeping import DEVICE_KNOWN_FOR
from helpline.staff.keys import NoSeatError
from helpline.staff.permissions import Permission, signs_rosters
from helpline.staff.roster_keeping import Signer, renew_if_due
from helpline.staff.sessions import SessionOverError, Token, close_session, read_token, written_token
from helpline.staff.sign_in import Credentials, SignedIn, SignInRefusedError, sign_in
from helpline.staff.signing import CannotSignError
from helpline.staff.tables import Act
from helpline.staff.tries import SlowedError
from helpline.web.office import DEVICE_COOKIE, put_device_cookie
from helpline.web.office_guard import needs, present, remember_token
from helpline.web.office_kept import KeptForm, kept_form, read_kept

PATH = "/sign-in"
RETRY_SECONDS = 60

blueprint = Blueprint("sign_in", __name__)


@blueprint.get(PATH)
@needs(Permission.ANYBODY)
def ask() -> ResponseReturnValue:
    """Show the form."""
    return _page(SignInForm(), status=FIELDS_TO_FILL)


@blueprint.post(PATH)
@needs(Permission.ANYBODY)
def enter() -> ResponseReturnValue:
    """Let somebody in, and lead her on to where she wanted to go."""
    form = SignInForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        entered = sign_in(services().office, _typed(form), door=services().door, now=now())
    except SignInRefusedError:
        fault = gettext("Name, passphrase or code is not right. A code works once: wait for the next one.")
        return _page(form, status=422, fault=fault)
    except SlowedError as slowed:
        seconds = max(1, int(slowed.wait.total_seconds()))
        fault = gettext("Wait %(seconds)s seconds, then try again.", seconds=seconds)
        return _page(form, status=429, fault=fault, retry_after=seconds)
    except NoSeatError:
        fault = gettext("Many people sign in at this moment. Try again in a minute.")
        return _page(form, status=503, fault=fault, retry_after=RETRY_SECONDS)
    remember_token(entered.token)
    _renew_roster(entered)
    response = _onwards(read_kept(form.kept.data or ""))
    put_device_cookie(response, written_token(entered.device), seconds=int(DEVICE_KNOWN_FOR.total_seconds()))
    return response


@blueprint.post("/sign-out")
@needs(Permission.OWN_ACCOUNT)
def leave() -> ResponseReturnValue:
    """End the session, destroy its keys, and let the browser forget what it showed."""
    found, who = services(), present()
    with found.office.begin() as writing:
        close_session(writing, who)
        append(writing, Deed(who.staff_id, Act.SIGNED_OUT), now=now(), zone=found.programme.zone)
    found.helpline.transact(lambda writing: switch_off(writing, me()))
    session.clear()
    response = see_other(url_for("sign_in.ask"))
    # Not "cookies": the mark of a known device stays, so that a stranger cannot slow the next sign-in.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def sign_in_first() -> ResponseReturnValue:
    """Show the form in place of a page for those who are not signed in; what they sent travels in it."""
    form = SignInForm()
    if request.endpoint == "sign_in.leave":
        return see_other(url_for("sign_in.ask"))
    if request.endpoint == "sign_in.enter":
        return _page(form, status=422, fault=gettext("This page was open for too long. Please fill it in once more."))
    form.kept.data = kept_form()
    was_sent = request.method == "POST"
    fault = gettext("You were signed out before this was sent. Nothing is lost: sign in and send it.")
    return _page(form, status=403, fault=fault if was_sent else None)


def ask_again() -> ResponseReturnValue:
    """Show what was sent with a form of an older sign-in, to be sent with one press."""
    kept = read_kept(kept_form())
    return _ask_to_send(kept, status=422) if kept else see_other(url_for("day.home"))


def _typed(form: SignInForm) -> Credentials:
    return Credentials(
        name=form.name.data or "",
        passphrase=form.passphrase.data or "",
        code=form.code.data or "",
        device=_device(request.cookies),
    )


def _device(cookies: Mapping[str, str]) -> Token | None:
    try:
        return read_token(cookies.get(DEVICE_COOKIE, ""))
    except SessionOverError:
        return None


def _page(form: SignInForm, *, status: int, fault: str | None = None, retry_after: int | None = None) -> Response:
    response = show("sign_in/sign_in.html", status=status, form=form, fault=fault, invented_codes=_invented_codes())
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _invented_codes() -> list[tuple[str, str]]:
    """Return name and current code of everybody in a demo, whose people are invented; nothing elsewhere."""
    found = services()
    if not found.settings.is_demo:
        return []
    with found.office.read() as reading:
        everybody = [member for member in members(reading) if member.active]
    return [(member.name, current_code(secret_of(member, keys=found.door.keys), now=now())) for member in everybody]


def _renew_roster(entered: SignedIn) -> None:
    """Renew the roster in silence if it is time and nothing in it would change."""
    if not signs_rosters(entered.member.role):
        return
    try:
        signer = Signer(entered.member.id, entered.private)
        renew_if_due(services().registry, signer=signer, now=now())
    except CannotSignError:
        return  # the roster's page says that this key is not known to the visitors' site


def _onwards(kept: KeptForm | None) -> Response:
    if kept is None:
        return see_other(url_for("day.home"))
    return _ask_to_send(kept, status=200) if kept.is_sent else see_other(kept.path)


def _ask_to_send(kept: KeptForm, *, status: int) -> Response:
    return show("sign_in/kept.html", status=status, kept=kept, shown=kept_in_words(kept))
