"""The tiers of isolation, best first, and what may be asked for."""

TIERS = ("full", "reduced", "none")
CHOICES = (*TIERS, "auto")
