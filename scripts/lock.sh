#!/bin/sh
# Pins what pyproject.toml asks for: requirements/{app,run,test,bench}.txt, with hashes and no addresses.
set -e
python3 -m venv .venv-lock
.venv-lock/bin/pip install --quiet uv
pin() {
  UV_NO_CONFIG=1 .venv-lock/bin/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@"
}
pin -o requirements/app.txt
pin --extra standin -o requirements/run.txt
pin --extra standin --extra test -o requirements/test.txt
pin --extra standin --extra test --extra bench -o requirements/bench.txt
rm -rf .venv-lock
