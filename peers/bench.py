"""The work of the bench done by pronotepy: bench.py URL TIMES. Writes milliseconds per call and the peak memory as JSON."""

import datetime
import json
import resource
import sys
import time

import pronotepy

from school import PASSWORD, STUDENT


def measure(times, work):
    work()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    return {"wall": 1000 * (time.perf_counter() - wall) / times, "cpu": 1000 * (time.process_time() - cpu) / times}


def main(root, times):
    times = int(times)

    def sign_in():
        return pronotepy.Client(root + "eleve.html", STUDENT, PASSWORD)

    client = sign_in()
    monday = client.start_day + datetime.timedelta(days=14)
    sunday = monday + datetime.timedelta(days=6)

    def everything():
        client.lessons(monday, sunday)
        client.homework(client.start_day)
        for period in client.periods:
            period.grades, period.evaluations, period.absences
        client.information_and_surveys()
        client.menus(monday, sunday)
        for discussion in client.discussions():
            discussion.messages
        client.export_ical()

    result = {
        "sign_in": measure(max(1, times // 10), sign_in),
        "navigation": measure(times, lambda: client.post("Navigation", 7, {"onglet": 7, "ongletPrec": 7})),
        "week": measure(max(1, times // 2), lambda: client.lessons(monday, sunday)),
        "everything": measure(max(1, times // 40), everything),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    json.dump(result, sys.stdout)


main(*sys.argv[1:])
