"""Who is in a class: the roster, and whose submission is whose."""
