"""The REST API: a module for each part of it; `table` has all its operations."""
