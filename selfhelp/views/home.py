"""The front page, also under the short paths of the channels, and the way to it."""

from flask import Blueprint, Response, url_for

from selfhelp.services import language, services
from selfhelp.views.rendering import see_other, show, text_of

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def choose_language() -> Response:
    """Lead to the front page in the browser's language."""
    return see_other(url_for("home.home"))


@blueprint.get("/<lang:lang>/")
def home() -> Response:
    """Show the five doors, and whether somebody is there now.

    The short paths of the channels show this very page: a redirection would leave a second row in the history.
    """
    times = services().snapshot.times(language())
    return show("home/home.html", text=text_of("home"), next_time=times[0] if times else None)
