"""Reads a calendar of ours as strictly as RFC 5545 asks: ics.py FIRST.ics SECOND.ics

Both are exports of the same year, made one after the other. The reader is Python's icalendar.
"""

import datetime
import pathlib
import sys
from collections import Counter

from icalendar import Calendar

from school import check


def zone(moment):
    return moment.params.get("TZID")


def main(first, second):
    raw = pathlib.Path(first).read_bytes()
    lines = raw.split(b"\r\n")
    check(b"\n" not in b"".join(lines) and lines[-1] == b"", "every line ends with CR LF")
    check(all(len(line) <= 75 for line in lines), "no line is longer than 75 bytes")

    calendar = Calendar.from_ical(raw)
    parts = list(calendar.walk())
    check(not [error for part in parts for error in part.errors], "every property is understood")
    check(calendar["VERSION"] == "2.0" and calendar["PRODID"], "the calendar says its version and its maker")
    events, tasks, zones = (calendar.walk(kind) for kind in ("VEVENT", "VTODO", "VTIMEZONE"))
    check(events and tasks, "there are lessons and homework")

    check(zones and all(part.subcomponents for part in zones), "the time zone is described")
    names = {str(part["TZID"]) for part in zones}
    moments = [part[key] for part in events + tasks for key in ("DTSTART", "DTEND", "DUE") if key in part]
    check({zone(moment) for moment in moments if zone(moment)} <= names, "every time zone that is used is described")
    timed = [moment for moment in moments if isinstance(moment.dt, datetime.datetime)]
    check(all(moment.dt.tzinfo for moment in timed), "no time floats")

    identifiers = Counter(str(part["UID"]) for part in events + tasks)
    check(max(identifiers.values()) == 1, "no identifier serves twice")
    check(all("DTSTAMP" in part and part.get("SUMMARY") for part in events + tasks), "everything has a stamp and a title")
    check(all(part["DTSTART"].dt < part["DTEND"].dt for part in events if "DTEND" in part), "every event ends after it starts")
    cancelled = [part for part in events if part.get("STATUS") == "CANCELLED"]
    check(cancelled and len(cancelled) < len(events), "cancelled lessons are marked, the others are not")
    check(any(type(part["DTSTART"].dt) is datetime.date for part in events), "holidays are whole days")
    check(all("DUE" in part and part.get("STATUS") in ("NEEDS-ACTION", "COMPLETED") for part in tasks), "homework is due, and done or not")

    def by_identifier(parts):
        return {str(part["UID"]): (str(part["SUMMARY"]), part[key].to_ical()) for part, key in parts}

    again = Calendar.from_ical(pathlib.Path(second).read_bytes())
    both = [
        by_identifier([(part, "DTSTART") for part in one.walk("VEVENT")] + [(part, "DUE") for part in one.walk("VTODO")])
        for one in (calendar, again)
    ]
    check(both[0] == both[1], "a second export has the same identifiers for the same things")


main(*sys.argv[1:])
