"""The plumbing is tried on the visitors' site itself."""

from tests.selfhelp.conftest import library_site, reader

__all__ = ["library_site", "reader"]
