"""The pure core: no I/O, no clock, no Behave, no asyncio. It may import `harness.errors` only."""
