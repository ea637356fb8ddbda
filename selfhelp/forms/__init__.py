"""What visitors can send us."""
