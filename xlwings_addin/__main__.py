"""The command as a module: ``python -m xlwings_addin``."""

from xlwings_addin.cli import main

if __name__ == "__main__":
    main()
