"""CoAP of the mock: what devices ask over it, as requests to the mock."""
