"""How the three stores are opened, typed, declared and migrated."""
