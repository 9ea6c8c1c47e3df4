"""Reports on one submission: text, JSON and every other format."""
