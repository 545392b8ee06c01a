"""OpenAPI documents that say what a host's requests and responses look like, and what breaks them.

Needs the extra `openapi`: nothing but `mock_nrfcloud.contract.checking` imports the library, and
that is imported late.
"""
