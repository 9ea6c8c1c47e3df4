"""Many submissions: `grade cohort` and what comes of it."""
