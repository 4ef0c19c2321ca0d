# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Pages for people: what arrived, and what only the web app can do."""


def include(app):
    from . import actions, pages

    for module in (pages, actions):
        app.include_router(module.router)
