"""The peer of every API call: the least that Flask can do."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> dict[str, bool]:
    return {"ok": True}
