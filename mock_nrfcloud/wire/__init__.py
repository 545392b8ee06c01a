"""The JSON of the admin API and of seed files, and the way between it and plain data."""
