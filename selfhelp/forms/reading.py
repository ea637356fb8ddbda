"""The form of a page of a path: its fields are the page's, so only what carries them is declared here."""

from wtforms import StringField

from helpline.callbacks.form_token import TokenTooOldError
from helpline.programme.paths import Path
from helpline.usage.pebble import TEXT_LENGTH
from selfhelp.forms.tokens import TokenForm


class StepForm(TokenForm):
    """Where it stood (*at*, on the *sheet* of all answers), what the button wants (*do*), this visit's stage text."""

    patient = True
    lasting = True
    at = StringField()
    do = StringField()
    sheet = StringField()
    stage = StringField()

    def page_of(self, path: Path) -> int | None:
        """Return the number of the page of *path* that this form stood on, or None when there is no such page."""
        said = self.at.data or ""
        return next((number for number in path.pages if str(number) == said), None)

    @property
    def is_sheet(self) -> bool:
        """Whether it stood below all answers."""
        return bool(self.sheet.data)

    @property
    def token_text(self) -> str:
        """The token that came with it; nothing, once validation found it too old to begin a visit."""
        is_old = isinstance(self.token_fault, TokenTooOldError)
        return "" if is_old else str(self["token"].data or "")

    @property
    def stage_text(self) -> str:
        """The stage text that came with it: ours, or one that moves nothing."""
        return (self.stage.data or "")[:TEXT_LENGTH]
