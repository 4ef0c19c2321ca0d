# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import ast
import io
import re
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

from odoo.addons.lexoffice_connector.lexware.errors import CODES
from odoo.addons.lexoffice_connector.models import error_messages

from ..common import LexofficeCommon

ADDON = Path(error_messages.__file__).parents[1]
I18N = ADDON / "i18n"
PLACE = re.compile(r"%\((\w+)\)s")


def terms(path):
    return {entry.msgid for entry in polib.pofile(str(path))}


class TestCatalogues(LexofficeCommon):
    def test_template_is_up_to_date(self):
        """``make terms`` writes it anew."""
        buffer = io.BytesIO()
        trans_export(False, ["lexoffice_connector"], buffer, "po", self.env)
        exported = {
            entry.msgid for entry in polib.pofile(buffer.getvalue().decode("utf-8"))
        }
        self.assertEqual(terms(I18N / "lexoffice_connector.pot"), exported)

    def test_german_is_complete(self):
        german = polib.pofile(str(I18N / "de.po"))
        self.assertEqual(
            {entry.msgid for entry in german}, terms(I18N / "lexoffice_connector.pot")
        )
        self.assertFalse([entry.msgid for entry in german.untranslated_entries()])
        self.assertFalse([entry.msgid for entry in german.fuzzy_entries()])

    def test_german_has_the_same_values_and_markup(self):
        for entry in polib.pofile(str(I18N / "de.po")):
            with self.subTest(entry.msgid):
                self.assertEqual(
                    sorted(PLACE.findall(entry.msgid)),
                    sorted(PLACE.findall(entry.msgstr)),
                )
                self.assertEqual(
                    re.findall(r"<[^>]+>", entry.msgid),
                    re.findall(r"<[^>]+>", entry.msgstr),
                )

    def test_german_quotes_and_addresses_as_germans_do(self):
        for entry in polib.pofile(str(I18N / "de.po")):
            with self.subTest(entry.msgid):
                self.assertNotIn("”", entry.msgstr)
                self.assertEqual(entry.msgstr.count("„"), entry.msgstr.count("“"))
                self.assertNotRegex(entry.msgstr, r"\b([Dd]u|[Dd]ein\w*)\b")

    def test_button_is_worded_as_users_know_it(self):
        german = {one.msgid: one.msgstr for one in polib.pofile(str(I18N / "de.po"))}
        self.assertEqual(
            german["Connect with lexoffice"], "Verbindung mit lexoffice herstellen"
        )
        view = self.env.ref("lexoffice_connector.lexoffice_connection_view_form")
        arch = view.with_context(lang="de_DE").arch
        self.assertIn("Verbindung mit lexoffice herstellen", arch)


class TestMessages(LexofficeCommon):
    def test_every_code_of_the_client_has_a_message(self):
        self.assertFalse(CODES - set(error_messages.MESSAGES))

    def test_every_code_in_the_source_has_a_message(self):
        missing = set()
        for path in (*ADDON.glob("builders/*.py"), *ADDON.glob("models/*.py")):
            for code in codes_in(path):
                if code not in error_messages.MESSAGES:
                    missing.add((path.name, code))
        self.assertFalse(missing)

    def test_codes_are_found_in_the_source(self):
        """Without it the test above could look at nothing."""
        found = set()
        for path in ADDON.glob("builders/*.py"):
            found |= set(codes_in(path))
        self.assertLessEqual({"no_lines", "line_without_tax"}, found)

    def test_every_message_is_rendered_in_german_with_its_values(self):
        german = self.env(context={**self.env.context, "lang": "de_DE"})
        english = self.env(context={**self.env.context, "lang": "en_US"})
        for code in set(error_messages.MESSAGES) - {"several"}:
            names = PLACE.findall(str(error_messages.MESSAGES[code]))
            values = {name: f"<{name}>" for name in names}
            with self.subTest(code):
                theirs = error_messages.render(german, code, values)
                ours = error_messages.render(english, code, values)
                self.assertNotEqual(theirs, ours)
                self.assertNotIn("%", theirs.replace(" %", ""))
                self.assertNotIn("%%", theirs)
                for value in values.values():
                    self.assertIn(value, theirs)

    def test_percent_signs(self):
        german = self.env(context={**self.env.context, "lang": "de_DE"})
        values = {"line": "Fenster", "tax": "0 %"}
        text = error_messages.render(german, "line_without_tax", {"line": "Fenster"})
        self.assertIn("0 % wird nie angenommen", text)
        self.assertIn("„Fenster“", text)
        self.assertIn("0 %", error_messages.render(german, "tax_not_supported", values))

    def test_several_reasons_are_rendered_one_by_one(self):
        german = self.env(context={**self.env.context, "lang": "de_DE"})
        reasons = [
            {"code": "no_lines", "values": {}},
            {"code": "foreign_currency", "values": {"currency": "CHF"}},
        ]
        text = error_messages.render(german, "several", {"reasons": reasons})
        first, second = text.splitlines()
        self.assertIn("keine Position", first)
        self.assertIn("CHF", second)


def codes_in(path):
    """Codes that a file names: ``DocumentStop("…")``, ``_fail("…")`` and the like."""
    callers = {"DocumentStop", "_fail", "_fail_adoption", "_become_uncertain"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and node.args:
            function = node.func
            name = getattr(function, "attr", getattr(function, "id", ""))
            first = node.args[0]
            if name in callers and isinstance(first, ast.Constant):
                yield first.value
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if (
                    isinstance(key, ast.Constant)
                    and key.value == "error_code"
                    and isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                ):
                    yield value.value
