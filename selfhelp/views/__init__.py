"""What the visitors' site answers, page by page."""
