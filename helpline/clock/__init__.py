"""The one timer: purges, draws, releases. Nothing of it runs in a request."""
