# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``python -m lexoffice_sandbox --port N``"""

from .cli import main

if __name__ == "__main__":
    main()
