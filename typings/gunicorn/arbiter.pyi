from collections.abc import Sequence

from gunicorn.app import Application
from gunicorn.sock import BaseSocket

class Arbiter:
    app: Application
    LISTENERS: Sequence[BaseSocket]
