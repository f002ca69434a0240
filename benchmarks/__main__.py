"""The command: ``python -m benchmarks TRAIN.txt [TEST.txt]`` prints a table."""

from pathlib import Path

from . import counting, generation, growth, scoring
from .command import add_ratio_options, parser_of, show, show_table
from .rivals import missing

GROUPS = {
    "counting": counting.rows,
    "growth": growth.rows,
    "scoring": scoring.rows,
    "generation": generation.rows,
}


def main(argv=None):
    """Measure the groups asked for and print one table."""
    args = parse(argv)
    show_table((row for group in args.only for row in GROUPS[group](args)), args)
    left_out = missing(args)
    if left_out:
        show(f"\nNot at hand and therefore left out: {', '.join(left_out)}.")


def parse(argv):
    """The arguments; a missing TEST is the last tenth of TRAIN."""
    parser = parser_of("", __doc__)
    parser.add_argument("train", type=Path, help="a text file, one sentence a line")
    parser.add_argument("test", type=Path, nargs="?", help="another, to score")
    parser.add_argument(
        "--only",
        type=lambda names: [name for name in GROUPS if name in names.split(",")],
        default=list(GROUPS),
        help=f"some of {','.join(GROUPS)}",
    )
    parser.add_argument(
        "--repeats", type=int, default=5, help="rounds of a race (default: 5)"
    )
    parser.add_argument(
        "--jobs", type=int, default=1, help="processes that fit may use (default: 1)"
    )
    parser.add_argument(
        "--tokens",
        type=int,
        default=1_000_000,
        help="length of the text that growth starts from (default: a million)",
    )
    parser.add_argument("--arpa", help="a model of TRAIN for the kenlm module to read")
    add_ratio_options(parser)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
