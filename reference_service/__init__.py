"""A small device-cloud backend that talks to nRF Cloud: the service that a fresh clone drives.

It stands for the service of whoever uses the harness, so it imports nothing of the project and
is only ever spoken to over HTTP and websockets. `docs/reference-service.md` tells what it does.
"""
