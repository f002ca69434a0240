"""Small collections of texts that come with the package."""

from ._base import load_greetings

__all__ = ["load_greetings"]
