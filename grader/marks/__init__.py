"""From verdicts to marks: weights, deadlines and decisions of the staff."""
