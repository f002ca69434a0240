"""``python -m sklearn_sslm`` is the command ``sslm``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
