"""The words of every command: its arguments, its help, what it calls."""
