"""What Python is given to open the app from a checkout: the same as `fieldlog` in a terminal."""

from fieldlog.cli import main

if __name__ == "__main__":
    main()
