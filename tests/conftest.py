"""What all tests share; it also lets tests in folders import the helpers beside it."""

from hypothesis import settings

# Machines differ: a law may not fail because an example took long.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
