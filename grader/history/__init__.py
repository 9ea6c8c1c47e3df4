"""Reads what a submitted git repository held at a moment, untrusted."""
