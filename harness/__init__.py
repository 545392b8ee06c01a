"""The acceptance-test harness: Markdown scenarios run by Behave (docs/architecture.md)."""
