"""One module a subject; each has a `router`, and `LINKS` for what it adds to the navigation."""
