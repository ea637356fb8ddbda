"""The baseline: the smallest Flask application there is, without any of our plumbing."""

from flask import Flask


def hello() -> Flask:
    """Return an application that says hello."""
    app = Flask(__name__, static_folder=None)

    @app.get("/")
    def greet() -> str:
        return "hello"

    return app
