"""The library of a course: finds, reads and names its folders and tasks."""
