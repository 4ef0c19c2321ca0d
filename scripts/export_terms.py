# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``make terms``: write the addon's terms anew and bring the German ones into line.

Translations are kept, terms that are gone are dropped, and new ones are named: they
stay empty until somebody translates them, and a test refuses that.
"""

import os
import sys

import polib

import databases
import postgres
from environment import ROOT, SetupError
from odoo_source import ensure_odoo
from run_tests import ensure_books

FOLDER = ROOT / databases.ADDON / "i18n"
TEMPLATE = FOLDER / f"{databases.ADDON}.pot"
GERMAN = FOLDER / "de.po"
# What changes with the clock only would make every export differ.
DATES = ("POT-Creation-Date", "PO-Revision-Date")
EXPORT = """
from odoo.tools.translate import trans_export
with open({path!r}, "wb") as target:
    trans_export(False, ["{addon}"], target, "po", env)
"""


def export_template(odoo):
    """Let Odoo write the template from a database that has just been made."""
    name = f"{databases.PREFIX}_terms_{os.getpid()}"
    try:
        databases.copy(ensure_books(odoo), name)
        databases.install(odoo, name, databases.ADDON)
        script = EXPORT.format(path=str(FOLDER / "terms.po"), addon=databases.ADDON)
        databases.run_odoo(odoo, "shell", name, "--log-level=warn", script=script)
        os.replace(FOLDER / "terms.po", TEMPLATE)
    finally:
        databases.drop(name)
    template = polib.pofile(str(TEMPLATE), wrapwidth=78)
    for key in DATES:
        template.metadata.pop(key, None)
    template.save(str(TEMPLATE))
    return template


def update_german(template):
    """Keep what is translated; returns the terms that are not."""
    known = {}
    if GERMAN.exists():
        known = {one.msgid: one.msgstr for one in polib.pofile(str(GERMAN))}
    for entry in template:
        entry.msgstr = known.get(entry.msgid, "")
    template.metadata.update(
        {"Language": "de", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    )
    template.save(str(GERMAN))
    return template.untranslated_entries()


def main():
    try:
        FOLDER.mkdir(exist_ok=True)
        with postgres.running():
            missing = update_german(export_template(ensure_odoo()))
    except SetupError as error:
        sys.exit(f"make terms stopped: {error}")
    for entry in missing:
        print(f"not translated: {entry.msgid}")


if __name__ == "__main__":
    main()
