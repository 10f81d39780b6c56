"""A page as Chromium draws it."""

import subprocess


def screenshot(page, picture, width, height, *options):
    """Writes `picture` (PNG) of the file `page`, whose folder is the browser's as well."""
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                    f"--user-data-dir={page.parent}/profile", f"--window-size={width},{height}",
                    f"--screenshot={picture}", *options, page.as_uri()],
                   check=True, capture_output=True, timeout=120)
