"""The pages of the back office, one module per subject."""
