from opora.shared.errors import DomainError


class PbxhouseRefused(DomainError):
    """АТС для проверок поднять не удалось."""
