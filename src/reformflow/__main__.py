"""`python -m reformflow` is the command `reformflow`."""

import gc
import sys

_YOUNG = 10_000


def run() -> None:
    """Run one command, and end the process with its exit code.

    Most of what a command makes is there to its end: modules, and the definition. Python would
    look through it for garbage again and again, and once more when all of it goes.
    """
    gc.set_threshold(_YOUNG)
    from reformflow.cli import main

    code = main()
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    run()
