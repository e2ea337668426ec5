"""What the judges written in Python share: the accounts of the demonstration school, and how they report."""

import signal

# A judge that hangs is a judge that failed.
signal.alarm(300)

PASSWORD = "pronotevs"
STUDENT = "demonstration"
PARENT = "demonstration"
SCHOOL_LIFE = "demonstration2"
SECURED, SECURED_PIN = "code", "1234"
NAMED_DEVICES_ONLY = "appareil"
LOCKED = "bloque"


def judged(what):
    """Says that one more thing was found right."""
    print(f"right: {what}", flush=True)


def check(truth, what):
    """Notes that something is right, or ends the run saying what is not."""
    if not truth:
        raise SystemExit(f"wrong: {what}")
    judged(what)
