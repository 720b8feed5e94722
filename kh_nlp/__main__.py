"""``python -m kh_nlp`` is the command ``kh``."""

from kh_nlp.cli import main

if __name__ == "__main__":
    main()
