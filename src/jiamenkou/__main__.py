"""``python -m jiamenkou`` is the same as the console script."""

import sys

from jiamenkou.cli import main

sys.exit(main())
