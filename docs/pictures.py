"""Take the pictures of the README anew, from what the program writes: `python docs/pictures.py`; needs Chromium.

They depend on the fonts of the machine, so no test compares them; one holds that they are there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--force-device-scale-factor=1"]  # fmt: skip
PAGES = {
    "evaluation": (["evaluate", "sesame-credit-2018", "-p", "gdpr"], "1100,1240"),
    "comparison": (
        ["compare", "sesame-credit-2018", "sesame-credit-unticked", "privacy-first-credit", "-p", "gdpr"], "1100,1000"
    ),
}  # fmt: skip


def main() -> None:
    """Write every picture."""
    browser = _browser()
    IMAGES.mkdir(exist_ok=True)
    for name, (arguments, size) in PAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, "page.html")
            command = [sys.executable, "-m", "policy_eval", *arguments, "-f", "html"]
            page.write_bytes(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
            picture = IMAGES / f"{name}.png"
            options = [f"--user-data-dir={folder}/profile", f"--window-size={size}", f"--screenshot={picture}"]
            subprocess.run([browser, *QUIET, *options, page.as_uri()], capture_output=True, check=True)
            print(picture.relative_to(ROOT))


def _browser() -> str:
    """The path of a browser that takes pictures; ends the program, telling what to install, where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit(
            f"no browser to take the pictures with (looked for {', '.join(BROWSERS)}): "
            "install Chromium from your system's packages, such as Debian's `chromium`"
        )
    return found


if __name__ == "__main__":
    main()
