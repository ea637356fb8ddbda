"""Numbers as people type them."""

import re

from flask_babel import lazy_gettext
from wtforms import Field

MOST_DIGITS = 8
"""More than any helpline has; what is longer was a slip."""

IN_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([ .,'\u2019\u00a0\u202f])[0-9]{3})?(?:\1[0-9]{3})*|[0-9]+")
"""Digits, or groups of three that one and the same sign parts: "1.5" is no fifteen."""

A_NUMBER = lazy_gettext("Write a whole number of at most 8 digits, as 1200.")


def number_in(field: Field) -> int | None:
    """Return the number typed, with or without signs between thousands. What is no whole number gets a fault."""
    text = (field.data or "").strip()
    digits = "".join(sign for sign in text if sign.isdecimal())
    if IN_THOUSANDS.fullmatch(text) and len(digits) <= MOST_DIGITS:
        return int(digits)
    field.errors = field.errors or [A_NUMBER]
    return None
