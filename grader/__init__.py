"""Grade Python fundamentals exercises: behaviour, types and style."""

__version__ = "0.1.0"
