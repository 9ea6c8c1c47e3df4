#!/usr/bin/env python3
"""Show what celsius makes of boiling water."""

celsius = __import__("1-celsius").celsius

print(f"212 F are {celsius(212)} C")
