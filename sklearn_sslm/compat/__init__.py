"""The interfaces of other packages for models of this one.

Each module has the name of the package whose interface it provides, and can be imported
instead of it.
"""

from . import kenlm

__all__ = ["kenlm"]
