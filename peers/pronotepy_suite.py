"""Runs pronotepy's own tests against our school: pronotepy_suite.py SOURCE URL

SOURCE is its unpacked source archive, URL the root of the school. Its tests are copied to a temporary folder and only
the address in them is replaced. Where they only warn, that a list was empty and nothing could be tested, we fail.
"""

import pathlib
import signal
import sys
import tempfile
import unittest
import warnings

PUBLIC_SCHOOL = "https://demo.index-education.net/pronote/"


def main(source, url):
    # One of its tests looks for a meal, day after day, for ever.
    signal.alarm(300)
    warnings.filterwarnings("error", message="collection empty")
    with tempfile.TemporaryDirectory() as folder:
        for test in pathlib.Path(source, "pronotepy").glob("test_*.py"):
            text = test.read_text(encoding="utf-8").replace(PUBLIC_SCHOOL, url)
            pathlib.Path(folder, test.name).write_text(text, encoding="utf-8")
        tests = unittest.defaultTestLoader.discover(folder)
        # An empty `warnings` keeps the filter above; none would replace it.
        outcome = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, warnings="").run(tests)
    sys.exit(not (outcome.wasSuccessful() and outcome.testsRun > 30))


main(*sys.argv[1:])
