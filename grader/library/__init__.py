"""Folders and tasks: where they are, what they ask, how they are named."""
