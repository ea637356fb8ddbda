"""The form for a new colleague."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from helpline.staff.permissions import Role

SIGN_IN_NAME = r"\s*[A-Za-z][A-Za-z0-9.\-]{1,30}\s*"

ROLES = (
    (Role.COUNSELLOR, lazy_gettext("Counsellor: talks with visitors")),
    (Role.COORDINATOR, lazy_gettext("Coordinator: also keeps staff and roster")),
    (Role.PROGRAMME_STAFF, lazy_gettext("Programme staff: exports counts, sees no talk")),
)


class MemberForm(FlaskForm):
    """Whom to make an account for. The rest is drawn."""

    shown_name = StringField(
        lazy_gettext("Name that colleagues see"),
        [DataRequired(lazy_gettext("Fill in a name.")), Length(max=80, message=lazy_gettext("At most 80 letters."))],
    )
    name = StringField(
        lazy_gettext("Name to sign in with"),
        [
            InputRequired(lazy_gettext("Fill in a name to sign in with.")),
            Regexp(
                SIGN_IN_NAME + r"\Z",
                message=lazy_gettext("Letters, digits, dots and hyphens, at least two, a letter first."),
            ),
        ],
    )
    role = StringField(lazy_gettext("Role"), default=Role.COUNSELLOR)
    language = StringField(lazy_gettext("Language of the pages"))
    alias = StringField(
        lazy_gettext("Name that visitors may hear"), [Length(max=40, message=lazy_gettext("At most 40 letters."))]
    )
    spoken = SelectMultipleField(lazy_gettext("Languages they talk in"), validate_choice=False)
    youth = BooleanField(lazy_gettext("Trained to talk with under-18s"))
    stands_in = BooleanField(lazy_gettext("May open the talks of colleagues, as a stand-in"))
    passphrase = StringField()
