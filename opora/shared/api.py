"""What descriptions of API operations share."""

from typing import Any

# An operation that answers with a file: to be put into ``openapi_extra``.
BYTES: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Байты файла",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}
