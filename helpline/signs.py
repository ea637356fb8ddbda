"""The signs that nobody types: PostgreSQL refuses some of them, and a page that repeats them is no HTML."""

import re

NO_CHARACTERS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))

UNTYPED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{NO_CHARACTERS}]")
"""Every control sign but tab and the ends of lines, and what Unicode says is no character (both: HTML, 13.2.3.5)."""
