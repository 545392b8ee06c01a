"""What does I/O for the steps (asyncio). May import the core, never `harness.bdd`."""
