"""The commands: their arguments, their help, and the functions they call."""
