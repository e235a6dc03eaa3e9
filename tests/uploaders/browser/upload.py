"""Uploads a file from a web page in Chromium to a presigned URL: upload.py URL FILE ['HEADER: VALUE']...

The uploader is the page, upload.html with upload.js; this drives it as a person would. The environment variable
UPLOAD_PAGE is the address of upload.html: some origin other than the server's, allowed by the bucket's CORS rules.
"""

import json
import os
import re
import sys

from playwright.sync_api import ConsoleMessage, sync_playwright
from playwright.sync_api import Error as BrowserError

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# As root in a container there is no sandbox to be had; the rest keeps the browser from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def show_console(message: ConsoleMessage) -> None:
    """Pass on what the browser tells a developer, such as the reason of a CORS failure, but no signed query."""
    print("console:", re.sub(r"\?[^\s'\"]+", "?...", message.text), file=sys.stderr)


def upload(page_url: str, url: str, file: str, headers: list[str]) -> tuple[str, str]:
    """Fill in the page and press its button; return how that ended ("answered" or "failed") and what it shows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.on("console", show_console)
        page.goto(page_url)
        page.get_by_label("URL").fill(url)
        page.get_by_label("File").set_input_files(file)
        page.get_by_label("Headers").fill("\n".join(headers))
        page.get_by_role("button", name="Upload").click()
        output = page.locator("output[data-state=answered], output[data-state=failed]")
        output.wait_for(state="attached", timeout=60_000)
        ended = output.get_attribute("data-state") or "failed", output.text_content() or ""
        browser.close()
        return ended


def main(arguments: list[str]) -> int:
    """Upload, print one line of JSON, and return the exit code."""
    url, file, *headers = arguments
    try:
        state, shown = upload(os.environ["UPLOAD_PAGE"], url, file, headers)
    except BrowserError as error:
        state, shown = "failed", str(error)
    if state != "answered":
        print(f"upload.py: no answer from the server: {shown}", file=sys.stderr)
        return 2
    print(shown)
    return 0 if json.loads(shown)["status"] // 100 == 2 else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
