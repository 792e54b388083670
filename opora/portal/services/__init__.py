"""Commands of the room: a site is opened and changed; a question on its way is kept, sent, forgotten."""

from opora.portal.services.sites import change_site, open_site

__all__ = ["change_site", "open_site"]
