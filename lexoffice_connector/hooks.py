# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).


def uninstall_hook(env):
    """Remove the crons that each connection owns: no XML id would take them along."""
    env["lexoffice.connection"].with_context(active_test=False).search(
        []
    ).cron_id.unlink()
