"""Tables of partners — CSV, XLSX and XML read as rows with line numbers, in bounded memory, and written harmless.

Words: Source (a file that was looked at and may be read), Row (a line and its cells), TableRefused (a sentence with the
place). Nothing here knows what the columns mean.
"""

from opora.shared.tables.errors import TableRefused
from opora.shared.tables.reading import Row, Table, open_table
from opora.shared.tables.source import Kind, Limits, Source, inspect
from opora.shared.tables.writing import CsvWriter, harmless, private_file, write_xlsx

__all__ = [
    "CsvWriter",
    "Kind",
    "Limits",
    "Row",
    "Source",
    "Table",
    "TableRefused",
    "harmless",
    "inspect",
    "open_table",
    "private_file",
    "write_xlsx",
]
