"""Visits with Chromium: `python -m tests.integration.programs.visit IMAGE ADDRESS...` prints as JSON what came of each address.

Before them a page elsewhere is opened that shows the image, once from a host that is called `localhost` and once from `127.0.0.1`.
"""

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.uploaders.browser import ARGUMENTS, CHROMIUM, served, show_console


def visit(page: Page, address: str) -> dict[str, object]:
    """Go to an address as a reader does, and tell where that ended and what is to be read there."""
    answer = page.goto(address)
    return {"status": answer and answer.status, "address": page.url, "text": page.locator("body").inner_text()}


def show(page: Page, address: str) -> dict[str, object]:
    """Open the page with the image, and tell from where the image was asked for, and how wide it is to be seen."""
    with page.expect_request(lambda request: request.resource_type == "image") as asked:
        page.goto(address)
    width = page.locator("img").evaluate("image => image.naturalWidth")
    return {"referer": asked.value.header_value("referer"), "width": width}


def main(image: str, *addresses: str) -> None:
    """Show the image twice, then make the visits, and print what came of all."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        linking = Path(folder) / "linking.html"
        linking.write_text(f'<!doctype html><title>linking</title><img src="{image}" alt="">')
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.on("console", show_console)
        with served(linking) as here:
            images = [show(page, address) for address in (here, here.replace("localhost", "127.0.0.1"))]
        visits = [visit(page, address) for address in addresses]
        browser.close()
    print(json.dumps({"images": images, "visits": visits}))


if __name__ == "__main__":
    main(*sys.argv[1:])
