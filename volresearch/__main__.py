"""``python -m volresearch``: the command line where the script is not on the path."""

from volresearch.cli import main

if __name__ == "__main__":
    main()
