"""`python -m runner` is the `workshop` command."""

import sys

from runner.cli.main import main

sys.exit(main())
