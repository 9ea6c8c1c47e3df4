"""`grade watch`, a live view of one task."""
