"""Runs the browser tests: `run.py --danlu PROGRAM --model NAME [--screenshots FOLDER] [--only TEXT]`."""

import argparse
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
from page import Page, start_browser
from server import Server

MODULES = ["test_text", "test_look", "test_answers", "test_list", "test_long", "test_keys", "test_runs", "test_trace"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--screenshots", default=None)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    screenshots = options.screenshots or tempfile.mkdtemp(prefix="danlu-screenshots-")
    os.makedirs(screenshots, exist_ok=True)
    loader = unittest.defaultTestLoader
    tests = [test for name in MODULES for group in loader.loadTestsFromName(name) for test in group]
    chosen = unittest.TestSuite(test for test in tests if options.only in test.id())
    server = Server(options.danlu, options.model)
    driver = None
    try:
        server.start()
        with tempfile.TemporaryDirectory() as downloads:
            driver = start_browser(downloads)
            case.world = case.World(Page(driver, server, screenshots), server, downloads, options)
            result = unittest.TextTestRunner(verbosity=2).run(chosen)
    finally:
        if driver:
            driver.quit()
        server.stop()
    print(f"Screenshots: {screenshots}", file=sys.stderr)
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)


if __name__ == "__main__":
    main()
