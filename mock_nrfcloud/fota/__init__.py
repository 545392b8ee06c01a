"""The FOTA service of nRF Cloud with the devices that it updates: the twin `nrfcloud`.

`twin.py` is the way in. Rules (`lifecycle`, `targets`, `jobs`, `executions`, `shadow`) work on the
state of an account (`team`); `rest/` and `mqtt` translate between them and what goes over the
wire. All of it is pure: the clock, the timers and what sends messages are given.
"""
