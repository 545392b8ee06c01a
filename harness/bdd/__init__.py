"""The only code that imports Behave. May import the core, never `harness.drivers`."""
