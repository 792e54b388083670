"""Bring Asterisk and sipp for the checks; exit code 3 and a sentence when that cannot be done (see tools/bring.sh)."""

import sys

from opora.adapters.pbxhouse.bring import ensure
from opora.adapters.pbxhouse.errors import PbxhouseRefused

if __name__ == "__main__":
    try:
        ensure()
    except PbxhouseRefused as refused:
        sys.stderr.write(f"{refused.sentence}\n")
        sys.exit(3)
