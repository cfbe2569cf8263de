"""The peer of the token exchange: a bare Flask app that checks a signature and nothing else."""

import os

import orjson
from flask import Flask, request
from joserfc import jwt
from joserfc.jwk import RSAKey


def create_app() -> Flask:
    """With the public key that stands in the environment, as a JWK."""
    app = Flask(__name__)
    key = RSAKey.import_key(orjson.loads(os.environ["PUBLIC_KEY"]))

    @app.post("/api/v1/token")
    def check() -> dict[str, str]:
        token = jwt.decode(request.form["subject_token"], key, algorithms=["RS256"])
        return {"sub": token.claims["sub"]}

    return app
