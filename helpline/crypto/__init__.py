"""Sealing, digests, opening and passphrases: the only room that knows libsodium and Argon2."""
