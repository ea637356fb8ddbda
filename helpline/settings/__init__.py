"""The only room that reads the environment and programme.toml."""
