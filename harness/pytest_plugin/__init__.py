"""The package as a pytest plugin: one item a scenario, run by the same engine as under Behave."""
