"""The interfaces of other packages, on models of this one.

A module here has the name of the package whose interface it has, and is imported in its
place.
"""

from . import kenlm

__all__ = ["kenlm"]
