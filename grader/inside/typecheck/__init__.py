"""Inside the wall: mypy, and annotations held against the model's."""
