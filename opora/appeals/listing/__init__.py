"""The list of the journal: words of the address → a range of one index of the grants → a page with its details.

    page = journal(employee, Filter.read(request.GET, employee), after=request.GET.get("after"))

No page counts rows. Which rows are hers is decided by her grants alone (``Grant.within``) and again by row security.
"""

from opora.appeals.listing.details import Line, details
from opora.appeals.listing.filter import Filter
from opora.appeals.listing.page import grants, journal, walk

__all__ = ["Filter", "Line", "details", "grants", "journal", "walk"]
