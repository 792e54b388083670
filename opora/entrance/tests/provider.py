"""A little OpenID Connect provider on loopback, for tests: discovery, authorization code with PKCE, token, userinfo."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "opora", "a-secret-of-the-tests-of-more-than-thirty-two-bytes"


class Provider(ThreadingHTTPServer):
    """``person`` is whom it signs in: the claims of the next token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        if path == "/.well-known/openid-configuration":
            self._json(self._discovery())
        elif path == "/authorize":
            code = secrets.token_urlsafe(16)
            self.server.codes[code] = asked
            self.send_response(302)
            self.send_header(
                "Location", asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})
            )
            self.end_headers()
        elif path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._json(self.server.person, 200 if token in self.server.tokens else 401)
        elif path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.key.public_key()))
            self._json({"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]})
        else:
            self._json({}, 404)

    def do_POST(self) -> None:
        given = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        asked = self.server.codes.pop(given.get("code", ""), None)
        challenge = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        proved = asked and asked["code_challenge"] == base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if not proved or given.get("client_secret") != SECRET:
            return self._json({"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe(16)
        self.server.tokens.add(token)
        claims = {"iss": self.server.issuer, "aud": CLIENT, "iat": int(time()), "exp": int(time()) + 60}
        id_token = jwt.encode(claims | self.server.person, self.server.key, "RS256", headers={"kid": "1"})
        return self._json({"access_token": token, "token_type": "Bearer", "id_token": id_token, "expires_in": 60})

    def _discovery(self) -> dict[str, Any]:
        ends = {f"{name}_endpoint": f"{self.server.issuer}/{path}" for name, path in ENDS.items()}
        methods = ["client_secret_post"]
        return {"issuer": self.server.issuer, "jwks_uri": f"{self.server.issuer}/jwks", **ends} | {
            "token_endpoint_auth_methods_supported": methods
        }

    def _json(self, document: Any, status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


ENDS = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}


@contextmanager
def running() -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
