class Application:
    app_uri: str
