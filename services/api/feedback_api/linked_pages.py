"""The page that a link of one person leads to: no scripts, nothing from elsewhere, kept by nobody."""

from html import escape

from starlette.responses import HTMLResponse

from feedback_api.files import NO_SCRIPTS


def linked_page(organisation: str, title: str, content: str) -> HTMLResponse:
    """A page of an organisation; ``content`` is HTML in which every text of theirs is escaped already."""
    organisation, title = escape(organisation), escape(title)
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
body {{ max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff;
  font: 1.05rem/1.5 system-ui, sans-serif; }}
a {{ color: #005a8d; }}
button {{ font: inherit; padding: .5rem 1rem; background: #005a8d; color: #fff; border: 0; border-radius: .25rem; }}
</style>
</head>
<body>
<main>
<p dir="auto">{organisation}</p>
<h1 dir="auto">{title}</h1>
{content}
</main>
</body>
</html>
"""
    return HTMLResponse(
        page,
        headers={
            "Content-Security-Policy": NO_SCRIPTS,
            "Cache-Control": "private, no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )
