# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Divides the connector's waiting times by one factor, when Odoo loads it.

Nothing of the connector is replaced: the same code runs with shorter constants. A
constant that has been renamed or moved is an error, or a run would take hours.
"""

import os
import sys

PACKAGE = "odoo.addons.lexoffice_connector"
VARIABLE = "LEXOFFICE_TIME_SCALE"
# Where each one is defined. Modules that import one have a copy, divided as well.
TIMES = {
    "models.lexoffice_pace": (
        *("REQUEST_STEP", "LONGEST_SLEEP", "LONGEST_WAIT"),
        *("FIRST_PAUSE", "LONGEST_PAUSE"),
    ),
    "models.lexoffice_token": ("EXPIRY_MARGIN",),
    "models.lexoffice_transfer": (
        *("LEAVE_WITHIN", "OUTCOME_DELAY", "FIRST_BACKOFF", "LONGEST_BACKOFF"),
    ),
    "models.lexoffice_worker": ("RUN_SECONDS", "CONFLICT_WAIT"),
    "models.lexoffice_worker_documents": (
        *("PREDECESSOR_WAIT", "FRESH_CONTACT", "FRESH_CONTACT_RETRY", "FILE_SECONDS"),
    ),
    "models.lexoffice_worker_files": ("QUEUED_SENDING", "NOT_RENDERED"),
    "models.lexoffice_worker_lookup": (
        *("NEXT_SEARCH", "NEXT_SEARCH_WITH_CANDIDATES", "CLOCK_MARGIN"),
    ),
    "models.lexoffice_worker_outcome": ("NUMBER_LAG", "LONGEST_NUMBER_WAIT"),
}
# Time-outs are defaults of these classes' arguments, bound when Python read them.
CLIENTS = (("lexware.client", "LexwareClient"), ("lexware.oauth", "OAuthClient"))
TIMEOUTS = ("connect_timeout", "read_timeout")


def apply():
    """Divide every constant by the factor that the environment names.

    :raises KeyError: no factor is given, or a time-out has another name.
    :raises AttributeError: a constant is not where it is said to be.
    """
    factor = float(os.environ[VARIABLE])
    for module_name, names in TIMES.items():
        for name in names:
            before = getattr(sys.modules[f"{PACKAGE}.{module_name}"], name)
            _replace(name, before, before / factor)
    for module_name, class_name in CLIENTS:
        client = getattr(sys.modules[f"{PACKAGE}.{module_name}"], class_name)
        for name in TIMEOUTS:
            client.__init__.__kwdefaults__[name] /= factor


def _replace(name, before, after):
    """Everywhere in the connector where this very value has this name."""
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith(f"{PACKAGE}.") and vars(module).get(name) is before:
            setattr(module, name, after)
