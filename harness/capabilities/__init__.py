"""What steps can do, one module a capability: each keeps its state for one feature.

They say what is expected, ask a driver or the mock, and turn what came instead into a
StepFailure that a person understands. They stand above drivers, the mock and the core; they
know neither Behave nor each other.
"""
