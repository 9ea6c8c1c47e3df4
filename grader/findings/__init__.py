"""What is said of a submission: findings, and answers of the wall decoded."""
