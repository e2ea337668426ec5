"""Lets schemathesis judge the class board's new face: board_served.py SCHEMATHESIS BOARD NAME PASSWORD

SCHEMATHESIS is the program, BOARD the address of a server, NAME and PASSWORD an account of it that administers the school. It goes
over the description twice: with whatever it thinks of, and with the names of things that are there, which are made first.
Whoever runs it gives it a board that nobody needs.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "ignored_auth",
]
# What ends the session that it judges with: asked last, each with a session of its own.
ENDS = ["DELETE /sessions/current", "DELETE /sessions/{session}"]
ROUNDS = "10"


def ask(method, url, body=None, key=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=60) as answer:
        return json.load(answer)


def furnish(api, key):
    """A class with something of everything; what of it stands in paths."""
    week = {"texts": ["Algebra"] + [""] * 5, "rows": [[1], [], [], [], [], []]}
    home = f"{api}/classes/judged"
    ask("POST", f"{api}/classes", {"slug": "judged", "settings": {"name": "Judged"}}, key)
    ask("POST", f"{home}/subjects", {"name": "Algebra"}, key)
    ask("PUT", f"{home}/changes/2026-09-14", {"text": "", "rows": [-2] * 8}, key)
    timetable = ask("POST", f"{home}/timetables", {"valid_from": "2026-09-01", "week": week}, key)
    homework = ask("POST", f"{home}/assignments", {"subject": 1, "due": "2026-09-14", "text": "No. 12"}, key)
    entry = ask("GET", f"{api}/audit?class=judged&limit=1", key=key)["items"][0]
    names = {"timetable": timetable["id"], "assignment": homework["id"], "entry": entry["id"]}
    return names | {"class": "judged", "subject": 1, "date": "2026-09-14"}


def judge(program, api, key, choice, names):
    with tempfile.TemporaryDirectory() as folder:
        # What it finds it keeps in the folder it runs in.
        settings = pathlib.Path(folder) / "schemathesis.toml"
        lines = [f'"path.{name}" = {json.dumps(value)}' for name, value in names.items()]
        settings.write_text("\n".join(["[parameters]", *lines, ""]))
        command = [program, "--config-file", settings, "run", f"{api}/openapi.json", *choice]
        command += ["--header", f"Authorization: Bearer {key}", "--checks", ",".join(CHECKS)]
        command += ["--phases", "examples,coverage,fuzzing", "--max-examples", ROUNDS, "--seed", "1", "--no-color"]
        command += ["--suppress-health-check", "all", "--warnings", "off"]
        return subprocess.run(command, cwd=folder).returncode == 0


def main(program, board, name, password):
    api = f"{board.rstrip('/')}/api/v2"

    def sign_in():
        return ask("POST", f"{api}/sessions", {"user": name, "password": password})["key"]

    key = sign_in()
    rest = [word for end in ENDS for word in ("--exclude-name", end)]
    right = [judge(program, api, key, rest, names) for names in ({}, furnish(api, key))]
    right += [judge(program, api, sign_in(), ["--include-name", end], {}) for end in ENDS]
    sys.exit(0 if all(right) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
