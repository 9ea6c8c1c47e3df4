"""The files that were handed in, taken as data and never run here."""
