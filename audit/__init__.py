"""What looks at the finished pages from outside, by tools of npm: `make audit`."""
