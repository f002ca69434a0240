"""Small collections of texts that ship with the package."""

from ._base import load_greetings

__all__ = ["load_greetings"]
