"""A Flask that logs what broke and never for whom, and a template folder that is a site's own."""

from pathlib import Path
from types import TracebackType

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined

from helpline.web.quiet import log_error

HOUSE = Path(__file__).parents[2]
"""Where the folders templates, static and translations are."""

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class QuietFlask(Flask):
    """A Flask whose log holds no path and no word of a visitor's."""

    def log_exception(self, exc_info: ExceptionInfo) -> None:
        """Log the kinds of the error and the places it came by."""
        if exc_info[1] is not None:
            log_error(exc_info[1])


def flask_app(site: str) -> QuietFlask:
    """Return a Flask for *site* ("selfhelp", "counsellors"): its templates at the root, the shared ones under shared/.

    A template of the other site is an error, and so is a name that no view gave to a template. Each site has its own
    catalogue, translations/<locale>/LC_MESSAGES/<site>.po: it speaks to other people.
    """
    app = QuietFlask(site, static_folder=None, template_folder=None)
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(HOUSE / "templates" / site),
            PrefixLoader({"shared": FileSystemLoader(HOUSE / "templates" / "shared")}),
        ]
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(HOUSE / "translations")
    app.config["BABEL_DOMAIN"] = site
    return app
