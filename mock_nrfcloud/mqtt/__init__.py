"""MQTT of the mock: a broker, and the bridge between it and the twins."""
