"""Sends a request from a page in Chromium and saves what its network panel would: `record_har.py PAGE HAR`, with arguments of fetch() as JSON."""

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.uploaders.browser import ARGUMENTS, CHROMIUM, served


def main(page_path: str, har_path: str) -> None:
    """Send it, whatever comes of it."""
    given = json.load(sys.stdin)
    with served(Path(page_path)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(record_har_path=har_path)
        page = context.new_page()
        page.goto(address)
        page.evaluate("given => fetch(...given).then(answer => answer.text(), () => '')", given)
        context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
