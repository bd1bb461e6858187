# SPDX-License-Identifier: GPL-2.0-only
"""Hold JSON documents against the schema; standard input has one a line:
"json LABEL<tab>DOCUMENT". Prints a line of TAP for each."""

import json
import sys

import jsonschema


def fault(validator, text):
    """What is wrong with a document, or None."""
    try:
        document = json.loads(text)
    except ValueError as error:
        return f"no JSON: {error}"
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    if error is None:
        return None
    path = "/".join(str(part) for part in error.absolute_path)
    return f"{path}: {error.message}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for line in sys.stdin:
        label, _, text = line.rstrip("\n").partition("\t")
        wrong = fault(validator, text)
        print(f"{'not ok' if wrong else 'ok'} - schema: {label[5:]}")
        if wrong:
            print(f"# {wrong[:300]}")


main()
