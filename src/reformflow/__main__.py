"""`python -m reformflow` is the command `reformflow`."""

import sys

from reformflow.cli import main

if __name__ == "__main__":
    sys.exit(main())
