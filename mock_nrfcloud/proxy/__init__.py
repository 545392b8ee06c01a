"""The mock as an HTTP proxy: for services whose address of nRF Cloud cannot be configured."""
