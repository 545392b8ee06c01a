"""Simulated devices of nRF Cloud, hundreds in one process, which update their firmware as told."""
