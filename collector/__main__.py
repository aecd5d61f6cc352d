"""`python -m collector` is `stocktake-collector`."""

import sys

from collector.cli import main

sys.exit(main())
