"""Acts on a page in Chromium: `python -m tests.conformance.browsing PAGE` reads a list of `act`'s arguments as JSON, and prints what came of each.

The page is served from an origin of its own.
"""

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.uploaders.browser import ARGUMENTS, CHROMIUM, served, show_console


def main(page_path: str) -> None:
    """Act, one after the other."""
    acts = json.load(sys.stdin)
    with served(Path(page_path)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.on("console", show_console)
        page.goto(address)
        ended = [page.evaluate("(given) => act(...given)", each) for each in acts]
        browser.close()
    print(json.dumps(ended))


if __name__ == "__main__":
    main(sys.argv[1])
