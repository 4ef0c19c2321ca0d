# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""JSON hooks below ``/sandbox`` with which tests steer the stand-in."""

from . import accounts, control, documents


def include(app):
    for module in (control, accounts, documents):
        app.include_router(module.router)
