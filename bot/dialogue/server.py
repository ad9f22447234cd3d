"""Rasa's own command line, with the token of its HTTP API from RASA_TOKEN.

On the command line, where Rasa wants it, every user of the machine could read it.
"""

import os
import sys

from rasa.__main__ import main

if __name__ == "__main__":
    sys.argv.append(f"--auth-token={os.environ['RASA_TOKEN']}")  # as one word: a token may begin with a dash
    main()
