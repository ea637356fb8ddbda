"""The forms of the back office, under the names of the views that read them."""
