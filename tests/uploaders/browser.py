"""Uploads a file from a web page in Chromium: browser.py PAGE FILE.

PAGE is the printed page; this serves it, from an origin other than the server's, and uses it as a person would. It prints what the page
shows, and exits with 0 for an upload, with 1 for a refusal and with 2 if there was no answer.
"""

import functools
import http.server
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
EXIT_CODES = {"uploaded": 0, "refused": 1, "failed": 2}


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(page: Path) -> Iterator[str]:
    """Serve the folder of a page; gives the page's address, on a host and a port that the server does not have."""
    handler = functools.partial(QuietHandler, directory=str(page.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/{page.name}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def show_console(message: ConsoleMessage) -> None:
    """Pass on what the browser tells a developer, such as the reason of a CORS failure, but no signed query."""
    print("console:", re.sub(r"\?[^\s'\"]+", "?...", message.text), file=sys.stderr)


def upload(address: str, file: str) -> tuple[str, str]:
    """Choose the file on the page and press its button; return how that ended, a key of EXIT_CODES, and what the page shows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.on("console", show_console)
        page.goto(address)
        page.get_by_label("File").set_input_files(file)
        page.get_by_role("button", name="Upload").click()
        output = page.locator(", ".join(f"output[data-state={state}]" for state in EXIT_CODES))
        output.wait_for(state="attached", timeout=60_000)
        ended = output.get_attribute("data-state") or "failed", output.text_content() or ""
        browser.close()
        return ended


def main(arguments: list[str]) -> int:
    """Upload, print what the page shows, and return the exit code."""
    page, file = arguments
    try:
        with served(Path(page).resolve()) as address:
            state, shown = upload(address, file)
    except BrowserError as error:
        state, shown = "failed", str(error)
    print(shown)
    return EXIT_CODES[state]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
