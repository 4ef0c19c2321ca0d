# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Rendering of the HTML pages."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import HTMLResponse

from .. import dates
from ..documents.pdf import amount

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "html"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
STATES = {
    "draft": "Entwurf",
    "open": "Offen",
    "overdue": "Überfällig",
    "paid": "Bezahlt",
    "paidoff": "Erledigt",
    "voided": "Storniert",
    "unchecked": "Zu prüfen",
    "blank": "Wird erkannt",
    "transferred": "Überwiesen",
    "sepadebit": "Lastschrift",
    "accepted": "Angenommen",
    "rejected": "Abgelehnt",
}
_environment.filters["money"] = lambda value: "" if value is None else amount(value)
_environment.filters["day"] = dates.german
_environment.filters["state"] = lambda state: STATES.get(state, state)


def page(template, status=200, **values):
    """One rendered template as a response."""
    return HTMLResponse(_environment.get_template(template).render(**values), status)
