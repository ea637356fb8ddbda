"""The visitors' site: read, find help, book a talk, without saying who you are."""
