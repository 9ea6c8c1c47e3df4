"""`grade site`: the course as static pages for a browser."""
