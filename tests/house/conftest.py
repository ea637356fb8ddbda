"""Rules over everything want the real sites."""

from tests.selfhelp.conftest import library_site, reader

__all__ = ["library_site", "reader"]
