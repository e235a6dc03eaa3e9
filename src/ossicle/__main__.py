"""`python -m ossicle` is the command `ossicle`."""

from ossicle.cli import main

if __name__ == "__main__":
    main()
