"""Recording: the service runs between a driver and nRF Cloud, and what goes by is kept."""
