"""What is said of constants: the string below their assignment, wherever that is."""

import sys

from sphinx.errors import PycodeError
from sphinx.pycode import ModuleAnalyzer


def describe(_app, what, name, _value, _options, lines):
    """Put that string in place of the docstring of the constant's type."""
    if what != "data":
        return
    package, _, constant = name.rpartition(".")
    for module in sorted(sys.modules):
        if module.startswith(package) and (found := _strings(module).get(constant)):
            lines[:] = found
            return


def _strings(module):
    try:
        return {
            name: lines
            for (owner, name), lines in ModuleAnalyzer.for_module(module)
            .find_attr_docs()
            .items()
            if not owner
        }
    except PycodeError:
        return {}


def setup(app):
    """Connect it."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
