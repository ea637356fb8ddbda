from gunicorn.app import Application

class Arbiter:
    app: Application
