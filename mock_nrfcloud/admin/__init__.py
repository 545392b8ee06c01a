"""The admin API of the mock: what it is told and asked while it runs."""
