"""Numbers as people type them."""

from flask_babel import lazy_gettext
from wtforms import Field

MOST_DIGITS = 8
"""More than any helpline has; what is longer was a slip."""

A_NUMBER = lazy_gettext("Write a whole number of at most 8 digits, as 1200.")


def number_in(field: Field) -> int | None:
    """Return the number typed; spaces, points and commas in it do not matter. What is no number gets a fault."""
    text = "".join(sign for sign in field.data or "" if not sign.isspace() and sign not in ".,'")
    if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS:
        return int(text)
    field.errors = field.errors or [A_NUMBER]
    return None
