"""No address leads anywhere: requests go straight to the one view."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
