"""OpenAPI's schemas come from the models of the bodies, and what the API answers fits them."""

from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from blueprints.api import schemas
from blueprints.api.new_export import NewExport
from transfer.formats import FORMATS


def test_the_formats_of_an_export_are_those_there_are():
    found = NewExport.model_json_schema()["properties"]["format"]["enum"]
    assert found == list(FORMATS)


def test_every_answer_fits_its_model(script, jobs_database):
    job = script.post("/exports", json={"types": ["products"]})
    answers: dict[Any, Any] = {
        schemas.Key: script.get("/key"),
        schemas.Export: job,
        schemas.Exports: script.get("/exports"),
        schemas.Imports: script.get("/imports"),
        schemas.Problem: script.get("/nowhere"),
    }
    for model, answer in answers.items():
        body = answer.get_data(as_text=True)
        parsed: BaseModel = TypeAdapter(model).validate_json(body)
        assert set(parsed.model_dump(by_alias=True)) <= set(answer.json)


def test_what_a_model_does_not_know_is_refused():
    with pytest.raises(ValidationError):
        NewExport.model_validate({"types": ["products"], "colour": "red"})
