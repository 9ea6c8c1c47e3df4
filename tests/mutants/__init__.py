"""Changed model answers, each a fault that `grade check` should notice.

No tool of the field makes them. mutmut 3.8 puts all mutants of a function
into one file, so a check that reads the source fails the unchanged model
(15 loops where one is allowed). cosmic-ray 8.7 hears an exit status, not
which check failed, and changes no text, call, argument or return. Of what
they change, all that the models have is here, but for one name in another's
place.
"""
