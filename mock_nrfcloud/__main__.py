"""`python -m mock_nrfcloud`."""

import sys

from mock_nrfcloud.command import main

if __name__ == "__main__":
    sys.exit(main())
