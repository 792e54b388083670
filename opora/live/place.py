"""Where this room lies, and the name under which PostgreSQL tells its news."""

from pathlib import Path

HERE = Path(__file__).parent
CHANNEL = "opora_live"
KEPT_SECONDS = 120
