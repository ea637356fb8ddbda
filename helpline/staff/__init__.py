"""The back office's people: accounts, sign-in, sessions, what each may do, and who may open envelopes."""
