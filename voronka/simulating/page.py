"""A self-contained page: one file, no scripts, no addresses, good on paper too."""

from __future__ import annotations

from html import escape

from flows.values import fit_to_show

_STYLE = """
:root{--ink:#1d2530;--dim:#687385;--line:#e2e6ec;--paper:#fff;--ground:#f4f6f9;--main:#2f6fed;
--soft:#dbe7ff;--stop:#e8a33d;--good:#1f9d63;--bad:#cf4a4a;color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,
"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:980px;margin:0 auto;padding:32px 24px 56px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}h2{font-size:17px;margin:0 0 12px}
.about{color:var(--dim);margin:0 0 24px}
section{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:20px 22px;
margin:0 0 18px;break-inside:avoid}
svg{display:block;width:100%;height:auto}
svg text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--ink)}
svg .dim{fill:var(--dim)}svg .small{font-size:11px}svg .strong{font-weight:600}
table{border-collapse:collapse;width:100%}th{text-align:left;color:var(--dim);font-weight:500}
th,td{padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:right;padding-right:0;font-variant-numeric:tabular-nums}
tr:last-child td{border-bottom:0}
.note{color:var(--dim);font-size:13px;margin:10px 0 0}
@media print{body{background:#fff;font-size:12px}main{max-width:none;padding:0}
section{border-color:#ccc;box-shadow:none}*{print-color-adjust:exact}}
"""


def page(title: str, about: str, body: str, language: str, style: str = "") -> str:
    """The whole HTML of a page with that body."""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{told(title)}</title>\n<style>{_STYLE}{style}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{told(title)}</h1>\n<p class="about">{told(about)}</p>\n{body}\n'
        "</main>\n</body>\n</html>\n"
    )


def told(text: str) -> str:
    """The text, fit to stand in HTML."""
    return escape(fit_to_show(text))
