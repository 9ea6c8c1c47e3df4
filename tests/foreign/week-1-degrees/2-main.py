#!/usr/bin/env python3
"""Show the warmest day of the week that is given."""

import json
from pathlib import Path

from station.warmest import warmest

given = Path(__file__).with_name("station") / "readings.json"
print(warmest(json.loads(given.read_text())))
