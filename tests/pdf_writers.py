"""Writes a table as a PDF file, with the tools that people use: ReportLab, a browser, LibreOffice."""

from __future__ import annotations

import html
import io
import shutil
import subprocess
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tests.bombs import zlib_zeros

Rows = Sequence[Sequence[str]]
Writer = Callable[[Rows, Path], bytes]
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
WIDTHS = (50, 95, 90, 150, 65)  # points: together less than a page


def by_reportlab(rows: Rows, folder: Path) -> bytes:
    """A long table with its headings on each page. ReportLab prints from left to right, as a careless program does."""
    from bidi.algorithm import get_display
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

    if not FONT.exists():
        pytest.skip(f"there is no font {FONT}")
    pdfmetrics.registerFont(TTFont("DejaVu", str(FONT)))
    style = ParagraphStyle("cell", fontName="DejaVu", fontSize=8)
    cells = [[Paragraph(html.escape(str(get_display(text))), style) for text in row] for row in rows]
    table = LongTable(
        cells,
        repeatRows=1,
        colWidths=WIDTHS if len(rows[0]) == len(WIDTHS) else None,
        style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")]),
    )
    SimpleDocTemplate(str(folder / "out.pdf"), pagesize=A4).build([table])
    return (folder / "out.pdf").read_bytes()


def by_browser(rows: Rows, folder: Path) -> bytes:
    """A web page with a table, printed."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("there is no Chromium here to print with")
    head, *body = ["".join(f"<td>{html.escape(text)}</td>" for text in row) for row in rows]
    style = (
        "table { border-collapse: collapse; font: 11px DejaVu Sans } td { border: 1px solid #000; padding: 4px }"
        " thead { display: table-header-group } tr { break-inside: avoid }"
    )
    (folder / "table.html").write_text(
        f"<!doctype html><meta charset=utf-8><style>{style}</style><table><thead><tr>{head}</thead>"
        f"<tbody>{''.join(f'<tr>{row}</tr>' for row in body)}</tbody></table>",
        encoding="utf-8",
    )
    run(browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer", f"--print-to-pdf={folder / 'out.pdf'}", str(folder / "table.html"))  # fmt: skip
    return (folder / "out.pdf").read_bytes()


def by_libreoffice(rows: Rows, folder: Path) -> bytes:
    """A spreadsheet with borders and repeated headings, exported."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        pytest.skip("there is no LibreOffice here to print with")
    (folder / "table.fods").write_text(_spreadsheet(rows), encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run(office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(folder / "table.fods"))
    if not (folder / "table.pdf").exists():
        pytest.skip("this LibreOffice has no Calc to print with")
    return (folder / "table.pdf").read_bytes()


def pages_of(*texts: str, password: str = "") -> bytes:
    """A PDF file with a page for each text."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password) if password else None)
    for text in texts:
        for at, line in enumerate(text.split("\n")):
            canvas.drawString(72, 720 - 14 * at, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def bomb(mebibytes: int = 2000) -> bytes:
    """A PDF file of some kilobytes whose page unpacks to so many."""
    packed = zlib.compress(zlib_zeros(mebibytes))
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed),
    )


def assembled(*objects: bytes) -> bytes:
    """A PDF file of these objects."""
    out, places = bytearray(b"%PDF-1.7\n"), list[int]()
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(out)


def run(*command: str) -> None:
    subprocess.run(command, capture_output=True, timeout=100, check=False)


def _spreadsheet(rows: Rows) -> str:
    names = {"office": "office", "table": "table", "text": "text", "style": "style", "fo": "xsl-fo-compatible"}
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in names.items()
    )
    head, *body = [
        "<table:table-row>"
        + "".join(
            f'<table:table-cell table:style-name="cell" office:value-type="string"><text:p>{escape(text)}</text:p>'
            "</table:table-cell>"
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    ]
    widths = "".join(
        f'<style:style style:name="w{at}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}pt"/></style:style>'
        for at, width in enumerate(WIDTHS)
    )
    columns = "".join(f'<table:table-column table:style-name="w{at}"/>' for at in range(len(rows[0])))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.2"'
        ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:automatic-styles>'
        f'{widths}<style:style style:name="row" style:family="table-row"><style:table-row-properties'
        ' style:use-optimal-row-height="true"/></style:style><style:style style:name="cell" style:family="table-cell">'
        '<style:table-cell-properties fo:border="0.5pt solid #000000" fo:wrap-option="wrap"/><style:text-properties'
        ' style:font-name="DejaVu Sans" fo:font-size="8pt" style:font-size-complex="8pt"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Register">{columns}<table:table-header-rows>{head}</table:table-header-rows>'
        f"{''.join(body)}</table:table></office:spreadsheet></office:body></office:document>"
    )


WRITERS: dict[str, Writer] = {"reportlab": by_reportlab, "a browser": by_browser, "libreoffice": by_libreoffice}
