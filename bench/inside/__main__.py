# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``python -m bench.inside module.function database``, options as JSON on stdin."""

import importlib
import json
import logging
import sys

from odoo.modules.registry import Registry
from odoo.tools import config


def main():
    name, database = sys.argv[1:]
    given = json.load(sys.stdin)
    config.parse_config(
        [
            *json.loads(given["settings"]),
            f"--database={database}",
            "--log-level=error",
        ],
        setup_logging=True,
    )
    logging.getLogger().setLevel(logging.ERROR)
    module, function = name.split(".")
    task = getattr(importlib.import_module(f"bench.inside.{module}"), function)
    print(json.dumps(task(Registry(database), **given["options"])))


if __name__ == "__main__":
    main()
