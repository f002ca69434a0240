"""The directive ``options``: what a command of ``sslm`` accepts, as its ``--help`` tells."""

import re

from docutils import nodes
from docutils.parsers.rst import Directive

from sklearn_sslm.cli.options import command_line


def groups_of(command):
    """Titles of a command's groups of options, and in each (how it is written, help)."""
    [commands] = command_line()._subparsers._group_actions
    for group in commands.choices[command]._action_groups:
        written = [(_written(action), action.help) for action in group._group_actions]
        if rows := [row for row in written if "--help" not in row[0]]:
            yield group.title, rows


def _written(action):
    if not action.option_strings:
        return action.metavar
    value = "" if action.nargs == 0 else f" {action.metavar or _value_of(action)}"
    return ", ".join(name + value for name in action.option_strings)


def _value_of(action):
    if action.choices:
        return f"{{{', '.join(action.choices)}}}"
    return action.dest.upper()


def _parts(meaning):
    """The text of a help; options, commands, objects and quoted values are literals."""
    for part in re.split(
        r"('[^' ][^']*'|{[^}]*}|(?<!\w)--?[a-z][-\w]*|%\(default\)s)", meaning
    ):
        if part.startswith(("'", "-", "{")):
            yield nodes.literal("", part.strip("'"))
        elif part:
            yield nodes.Text(part)


class Options(Directive):
    """The arguments and options of the command that is named."""

    required_arguments = 1

    def run(self):
        """A definition list for each group."""
        found = []
        for title, rows in groups_of(self.arguments[0]):
            entries = nodes.definition_list(classes=["options"])
            for written, meaning in rows:
                term = nodes.term("", "", nodes.literal("", written))
                text = nodes.definition("", nodes.paragraph("", "", *_parts(meaning)))
                entries += nodes.definition_list_item("", term, text)
            found += [nodes.rubric("", title.capitalize()), entries]
        return found


def setup(app):
    """Offer it."""
    app.add_directive("options", Options)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
