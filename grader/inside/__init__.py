"""Code that runs inside the wall; it holds no suite and no answer."""
