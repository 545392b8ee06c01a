"""A mock of api.nrfcloud.com, and of any other host that a service under test calls."""
