"""Writes schemas.json: random schemas with texts that jsonschema calls valid and texts that it does not.

    python Tests/GrammarTests/Goldens/make_schemas.py        # needs jsonschema[format]
"""

import copy
import json
import pathlib
import random
import sys

import jsonschema

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "script"))
from grammar_schemas import schemas  # noqa: E402

COUNT = 84
SEED = 2025


def changed(value, chance: random.Random):
    """The value with one thing in it changed."""
    value = copy.deepcopy(value)
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(list(value))
        kind = chance.randrange(3)
        if kind == 0:
            del value[key]
        elif kind == 1:
            value["unknown " + key] = 1
        else:
            value[key] = changed(value[key], chance)
        return value
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        if chance.random() < 0.5:
            return value[:place] + value[place + 1:] if chance.random() < 0.5 else value + value
        value[place] = changed(value[place], chance)
        return value
    if isinstance(value, str) and chance.random() < 0.7:
        return chance.choice([value + "x" * 70, value[1:], "\n" + value, value + " "])
    if isinstance(value, (int, float)) and not isinstance(value, bool) and chance.random() < 0.7:
        return chance.choice([value + 1, value + 0.5, -value - 100_000, value * 1000 + 1])
    return chance.choice([None, True, 0.5, 7, "text", [], {}, [None], {"a": 1}])


def main():
    chance = random.Random(SEED)
    cases = []
    for kind, schema, sample in schemas(SEED, COUNT):
        validator = jsonschema.Draft202012Validator(
            schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
        values = [sample() for _ in range(3)]
        assert all(map(validator.is_valid, values)), kind
        tried = [changed(chance.choice(values), chance) for _ in range(24)]
        invalid = {json.dumps(value, ensure_ascii=False) for value in tried if not validator.is_valid(value)}
        cases.append({
            "kind": kind, "schema": schema, "valid": [json.dumps(value, ensure_ascii=False) for value in values],
            "invalid": sorted(invalid)[:6]})
    lines = ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases)
    (HERE / "schemas.json").write_text(f"[\n{lines}\n]\n")
    print(len(cases), "schemas,", sum(len(case["invalid"]) for case in cases), "texts that do not fit")


main()
