"""The REST API: a module for each part of it, and the table of all its operations."""
