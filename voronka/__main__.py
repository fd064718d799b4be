"""``python -m voronka``."""

from voronka.cli import main

if __name__ == "__main__":
    main()
