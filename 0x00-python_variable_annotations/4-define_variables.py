#!/usr/bin/env python3
"""Variables that say what they hold."""

a: int = 1
pi: float = 3.14
i_understand_annotations: bool = True
school: str = "Holberton"
