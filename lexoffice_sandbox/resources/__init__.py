# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""One module per family of endpoints below ``/v1``."""
