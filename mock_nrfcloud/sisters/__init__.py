"""Twins of the sister services of nRF Cloud, one package a service."""
