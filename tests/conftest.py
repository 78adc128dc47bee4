"""How far property tests look: `make test` always at the same examples, `make test-deep` at many new ones each time.

A run that is asked whether a change may land must not depend on luck; a run that looks for what nobody thought of must.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("same", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile(
    "deep", max_examples=3_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
