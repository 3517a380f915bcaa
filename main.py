"""What `flet run` and `flet build` look for. Until there are screens: the terminal's commands."""

from fieldlog.cli import main

if __name__ == "__main__":
    main()
