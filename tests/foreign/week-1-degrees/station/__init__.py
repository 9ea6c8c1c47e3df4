"""What is known of a weather station."""

UNKNOWN = -999.0
