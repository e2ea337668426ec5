"""Lets jsonschema judge answers of the card connector: card.py SCHEMA ANSWER...

Each ANSWER is a file; all have to be as SCHEMA says. Then each is spoiled in ways that the application would not take, which
the schema has to refuse: a schema that takes everything judges nothing.
"""

import copy
import json
import pathlib
import sys

from jsonschema import Draft202012Validator

SPOILED = {
    "photo": "iVBORw0KGgo=",
    "endDate": "2027",
    "lastname": " ",
    "idNumber": 22100001,
    "affiliation": "teacher",
    "errors": ["NO_SUCH_CODE"],
    "cards": {},
}


def main(schema, *answers):
    schema = json.loads(pathlib.Path(schema).read_text())
    Draft202012Validator.check_schema(schema)
    judge = Draft202012Validator(schema)
    for name in answers:
        answer = json.loads(pathlib.Path(name).read_text())
        faults = [fault.message[:200] for fault in judge.iter_errors(answer)]
        if faults:
            sys.exit(f"{name}: {faults}")
        for key, value in SPOILED.items():
            spoiled = copy.deepcopy(answer)
            spoiled[key] = value
            if judge.is_valid(spoiled):
                sys.exit(f"{name}: the schema takes {key} = {value!r}")
    print(f"{len(answers)} answers are as the schema says")


if __name__ == "__main__":
    main(*sys.argv[1:])
