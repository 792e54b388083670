"""From a planned touch to its end: claimed, said to be going, given to a provider, folded from his receipts, swept.

``batches`` are the steps in the database, each one transaction; ``dispatcher`` is the thread of a worker that takes
them. Whatever dies, a touch is either planned, or known to be with a provider, or swept after its time.
"""

from opora.informing.dispatch.dispatcher import Dispatcher

__all__ = ["Dispatcher"]
