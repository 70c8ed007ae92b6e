"""Writes docs/messages.md and docs/messages/LANGUAGE.md, draws the mails in a headless Chromium, as wide as a phone,
one in Arabic, a message in a chat, and the desk, the case and a proof of the demo: `make pictures`.

Needs Chromium (`apt-get install chromium`, or CHROMIUM=PATH). What the page says is in `tests/messages`.
"""

# ruff: noqa: INP001 - a script beside the program, not a part of it
from __future__ import annotations

import html
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from desk_pictures import draw_story

from alerts.message.recipient import Form
from tests.browser.chromium import MISSING, path
from tests.messages.cases import cases, composed
from tests.messages.page import DRAWN, pages

FOLDER = ROOT / "docs" / "pictures"
WIDTH, SCALE, LONGEST = 375, 2, 200_000  # of a phone, dots for each of its points, bytes of a picture
LONG, MOST = 1_200, 1_600  # points: a longer page is drawn with a dot for each point, and no further


def main() -> int:
    """Write the pages, and draw each case in both colours; returns 1 where a picture is too large."""
    for file, text in pages().items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    chromium = path()
    if chromium is None:
        sys.exit(MISSING)
    FOLDER.mkdir(exist_ok=True)
    for case in cases():
        document = composed(case, Form.DOCUMENT).html
        for scheme in ("light", "dark"):
            drawn = FOLDER / f"mail-{case.name}-{scheme}.png"
            draw(chromium, document, drawn, dark=scheme == "dark")
            sys.stdout.write(f"{drawn.name}: {drawn.stat().st_size:,} bytes\n")
    first = cases()[0]
    in_arabic = composed(first, Form.DOCUMENT, DRAWN).html
    draw(chromium, in_arabic, FOLDER / f"mail-{DRAWN}-light.png", dark=False)
    bubble = _BUBBLE.format(
        title=html.escape(composed(first, Form.CHAT).title), message=composed(first, Form.CHAT).html
    )
    draw(chromium, bubble, FOLDER / f"chat-{first.name}.png", dark=False)
    for drawn in draw_story(FOLDER):
        sys.stdout.write(f"{drawn.name}: {drawn.stat().st_size:,} bytes\n")
    return int(any(path.stat().st_size > LONGEST for path in FOLDER.glob("*.png")))


def draw(chromium: str, document: str, target: Path, *, dark: bool, width: int = WIDTH) -> None:
    """Draw a document as high as it is: it is measured first."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(document, "utf-8")
        frame = Path(folder) / "frame.html"
        frame.write_text(_FRAME.format(page=page.as_uri(), width=width), "utf-8")
        flags = [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--allow-file-access-from-files",
        ]
        flags += [f"--user-data-dir={folder}/profile", "--virtual-time-budget=2000"]
        flags += ["--blink-settings=preferredColorScheme=0" if dark else "--blink-settings=preferredColorScheme=1"]
        page_text = run([*flags, "--dump-dom", frame.as_uri()])
        height = min(int(page_text.partition('data-height="')[2].partition('"')[0]), MOST)
        scale = 1 if height > LONG else SCALE
        size = [f"--window-size={width},{height}", f"--force-device-scale-factor={scale}"]
        run([*flags, *size, f"--screenshot={target}", frame.as_uri()])


def run(command: list[str]) -> str:
    """What Chromium prints. Raises CalledProcessError."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own command


# A window is not as narrow as a phone: the page stands in a frame that is.
_FRAME = """<!doctype html><body style="margin:0"><iframe src="{page}" style="border:0;width:{width}px"
onload="var h=this.contentDocument.documentElement.scrollHeight;this.style.height=h+'px';
document.body.setAttribute('data-height',h)"></iframe></body>"""

# A chat as most programs show it; what stands in the bubble is what the chat is given.
_BUBBLE = """<!doctype html><meta charset="utf-8">
<body style="margin:0;padding:16px;background:#dfe7ef;font:15px sans-serif">
<div style="background:#fff;border-radius:12px;padding:10px 14px;overflow-wrap:anywhere">
<b style="color:#1f6fb2">Registry Watch</b><p style="margin:6px 0"><b>{title}</b></p>{message}</div></body>"""


if __name__ == "__main__":
    sys.exit(main())
