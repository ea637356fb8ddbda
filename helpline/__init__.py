"""The helpline itself: what both sites stand on."""
