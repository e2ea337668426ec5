"""A school and the gateway before it, as programs of their own, for the benches."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target"))
PEERS = TARGET / "peers"
CARTABLE = TARGET / "release/cartable"
LOGIN = {"username": "demonstration", "password": "pronotevs"}


def build():
    subprocess.run(["cargo", "build", "--release", "--quiet", "--package", "cartable"], cwd=HERE.parent, check=True)


def post(url, body, **headers):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def ask(base, token, query):
    answer = post(f"{base}/graphql", {"query": query}, Token=token)
    if "errors" in answer:
        sys.exit(f"{query}: {answer['errors']}")
    return answer["data"]


@contextlib.contextmanager
def running():
    """Programs that end with the block."""
    started = []
    try:
        yield started
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=60)


def start(started, command, ready, **options):
    """A program that says when it is ready, and what it said."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options)
    started.append(process)
    for line in process.stdout:
        if found := re.search(ready, line):
            return process, found[1]
    sys.exit(f"{command[0]} did not start")


def school(started):
    """The address of an emulated school whose sessions do not end by themselves."""
    command = [CARTABLE, "emulator", "--listen", "127.0.0.1:0", "--session-idle", "86400"]
    return start(started, command, r"emulator ready: (\S+)")[1]


def serve(started, folder, configuration, *schools):
    """A gateway of that configuration, and its port."""
    (folder / "cartable.toml").write_text(configuration)
    command = [CARTABLE, "--data", folder, "serve", "0", "--config", folder / "cartable.toml"]
    for address in schools:
        command += ["--allow", address]
    return start(started, command, r"Listening on \S+:(\d+)")


def memory(process, line="VmHWM"):
    """The peak memory of a program in MiB, or another line of its status."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(rf"{line}:\s*(\d+)", status)[1]) / 1024
