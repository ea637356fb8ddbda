"""Figures that we did not count: what the telephone platform, earlier years and the organisation's register say."""
