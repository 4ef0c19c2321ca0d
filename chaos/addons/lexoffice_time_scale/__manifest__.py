# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
{
    "name": "lexoffice Time Scale",
    "version": "19.0.1.0.0",
    "summary": "Lets lexoffice_connector's clocks run faster; only for make chaos",
    "category": "Hidden",
    "author": "lexoffice_connector contributors",
    "license": "LGPL-3",
    "depends": ["lexoffice_connector"],
    "installable": True,
}
