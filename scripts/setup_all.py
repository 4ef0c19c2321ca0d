# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Set up everything that the commands of the Makefile need.

Prints the path of the project's interpreter on stdout and nothing else; a step that
can't be done is one sentence on stderr and exit status 1.
"""

import argparse
import sys

from environment import SetupError
from odoo_source import ensure_odoo
from python_env import check_python, ensure_python
from system_packages import install_missing


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lint", action="store_true", help="also what linters need")
    arguments = parser.parse_args()
    try:
        check_python()
        install_missing(lint=arguments.lint)
        print(ensure_python(ensure_odoo()))
    except SetupError as error:
        sys.exit(f"Set-up stopped: {error}")


if __name__ == "__main__":
    main()
