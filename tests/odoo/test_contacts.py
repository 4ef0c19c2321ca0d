# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Customers: linked, else found, else created, and never created twice."""

from ..delivery import DeliveryCase


class ContactCase(DeliveryCase):
    def contacts(self):
        """All contacts in lexoffice."""
        return self.lexoffice.hook("GET", "contacts")

    def contact_exists(self, **values):
        """Have a contact in lexoffice, made by somebody else; returns its id."""
        contact = {
            "roles": {"customer": {}},
            "company": {"name": "Nordlicht Fahrradbau GmbH"},
            **values,
        }
        return self.lexoffice.hook("POST", "contacts", **contact)["id"]

    def link(self, partner=None):
        return self.env["lexoffice.contact.link"].search(
            [("partner_id", "=", (partner or self.customer).id)]
        )

    def sent_to(self, uuid):
        """Send an invoice and check whom it is for."""
        move = self.post_one()
        self.work()
        self.assert_delivered_once(move)
        self.assertEqual(self.link().lexoffice_uuid, uuid)
        (document,) = self.signed(move)
        self.assertEqual(document["address"]["contactId"], uuid)
        return move

    def stopped(self):
        """Send an invoice that must stop; returns its row."""
        move = self.post_one()
        self.work()
        row = self.row(move)
        self.assertEqual(row.state, "failed")
        self.assertFalse(self.posts())
        return row


class TestFound(ContactCase):
    def test_by_vat_id_and_name(self):
        uuid = self.contact_exists(
            company={
                "name": "NORDLICHT  Fahrradbau GmbH",
                "vatRegistrationId": "DE 136695976",
            }
        )
        self.sent_to(uuid)
        self.assertEqual(len(self.contacts()), 1)

    def test_by_mail_and_street_with_postcode(self):
        uuid = self.contact_exists(
            company={"name": "Fahrräder Nordlicht"},
            emailAddresses={"business": ["Rechnung@nordlicht.example"]},
            addresses={
                "billing": [
                    {
                        "street": "Hafenweg 3",
                        "zip": "20457",
                        "city": "Hamburg",
                        "countryCode": "DE",
                    }
                ]
            },
        )
        self.sent_to(uuid)

    def test_by_customer_number_and_name(self):
        uuid = self.contact_exists()
        (contact,) = self.contacts()
        self.customer.ref = str(contact["roles"]["customer"]["number"])
        move = self.post_one()
        self.work()
        self.assertEqual(self.link().lexoffice_uuid, uuid, self.row(move).error_message)
        self.assertFalse(self.link().former_ref)

    def test_name_alone_is_not_enough(self):
        uuid = self.contact_exists()
        self.post_one()
        self.work()
        self.assertNotEqual(self.link().lexoffice_uuid, uuid)
        self.assertEqual(len(self.contacts()), 2)

    def test_mailbox_of_somebody_else_is_not_enough(self):
        self.contact_exists(
            company={"name": "Hausverwaltung Süd"},
            emailAddresses={"business": ["rechnung@nordlicht.example"]},
        )
        self.post_one()
        self.work()
        self.assertEqual(len(self.contacts()), 2)

    def test_several_that_fit_are_put_before_a_person(self):
        first, _second = (
            self.contact_exists(
                company={
                    "name": "Nordlicht Fahrradbau GmbH",
                    "vatRegistrationId": "DE136695976",
                }
            )
            for _number in range(2)
        )
        row = self.stopped()
        self.assertEqual(row.error_code, "contact_ambiguous")
        self.assertIn("10001, 10002", row.error_message)
        self.customer.ref = "10001"
        row.move_id.action_lexoffice_retry()
        self.work()
        self.assertEqual(self.link().lexoffice_uuid, first)
        self.assert_delivered_once(row.move_id)

    def test_archived_contact_is_put_before_a_person(self):
        uuid = self.contact_exists(
            company={
                "name": "Nordlicht Fahrradbau GmbH",
                "vatRegistrationId": "DE136695976",
            }
        )
        self.lexoffice.hook("POST", f"contacts/{uuid}/archive")
        row = self.stopped()
        self.assertEqual(row.error_code, "contact_archived")
        self.lexoffice.hook("POST", f"contacts/{uuid}/unarchive")
        row.move_id.action_lexoffice_retry()
        self.work()
        self.assertEqual(self.link().lexoffice_uuid, uuid)

    def test_archived_twin_does_not_matter(self):
        values = {
            "name": "Nordlicht Fahrradbau GmbH",
            "vatRegistrationId": "DE136695976",
        }
        old = self.contact_exists(company=values)
        self.lexoffice.hook("POST", f"contacts/{old}/archive")
        uuid = self.contact_exists(company=values)
        self.sent_to(uuid)

    def test_supplier_becomes_a_customer_too(self):
        uuid = self.contact_exists(
            roles={"vendor": {}},
            company={
                "name": "Nordlicht Fahrradbau GmbH",
                "vatRegistrationId": "DE136695976",
                "taxNumber": "12/345/67890",
            },
            note="nicht verlieren",
        )
        self.sent_to(uuid)
        (contact,) = self.contacts()
        self.assertEqual(set(contact["roles"]), {"customer", "vendor"})
        self.assertEqual(contact["note"], "nicht verlieren")
        self.assertEqual(contact["company"]["taxNumber"], "12/345/67890")

    def test_second_partner_of_a_linked_contact_gets_its_own(self):
        """Two branches of a firm share name and VAT id: none of them is stopped."""
        first = self.post_one()
        self.work()
        branch = self.create_customer(street="Marktplatz 1", zip="20095")
        second = self.post_one(partner_id=branch.id)
        self.work()
        self.assert_delivered_once(first)
        self.assert_delivered_once(second)
        self.assertEqual(len(self.contacts()), 2)
        self.assertNotEqual(
            self.link().lexoffice_uuid, self.link(branch).lexoffice_uuid
        )

    def test_several_billing_addresses(self):
        uuid = self.contact_exists(
            company={
                "name": "Nordlicht Fahrradbau GmbH",
                "vatRegistrationId": "DE136695976",
            },
            addresses={"billing": [{"street": "Alt 1", "countryCode": "DE"}]},
        )
        self.lexoffice.hook("POST", f"contacts/{uuid}/add-address?kind=billing")
        move = self.sent_to(uuid)
        (document,) = self.signed(move)
        self.assertEqual(document["address"]["street"], "Hafenweg 3")

    def test_wrong_types_in_the_list_harm_nobody(self):
        self.lexoffice.fault(
            method="GET",
            path="/v1/contacts",
            body={
                "last": True,
                "content": [
                    {
                        "id": "0c5f3b8e-6a0e-4c6e-9d1b-0d0b8a9f4a11",
                        "roles": [],
                        "company": "x",
                        "person": 3,
                        "addresses": {"billing": ["y"]},
                        "emailAddresses": {"business": None},
                        "note": 4,
                    }
                ],
            },
        )
        move = self.post_one()
        self.work()
        self.assert_delivered_once(move)


class TestCreated(ContactCase):
    def test_firm_with_contact_person(self):
        self.env["res.partner"].create(
            {
                "name": "Jana Petersen",
                "parent_id": self.customer.id,
                "type": "contact",
                "email": "jana@nordlicht.example",
            }
        )
        self.post_one()
        self.work()
        (contact,) = self.contacts()
        self.assertEqual(contact["company"]["name"], "Nordlicht Fahrradbau GmbH")
        self.assertEqual(contact["company"]["vatRegistrationId"], "DE136695976")
        (person,) = contact["company"]["contactPersons"]
        self.assertEqual(person["firstName"], "Jana")
        self.assertEqual(person["lastName"], "Petersen")
        (address,) = contact["addresses"]["billing"]
        self.assertEqual(address["street"], "Hafenweg 3")

    def test_person(self):
        self.customer = self.create_customer(
            name="Anna Maria Meier", is_company=False, vat=False
        )
        self.post_one()
        self.work()
        (contact,) = self.contacts()
        self.assertEqual(
            contact["person"], {"firstName": "Anna Maria", "lastName": "Meier"}
        )

    def test_invoice_to_a_persons_address_is_for_the_firm(self):
        person = self.env["res.partner"].create(
            {"name": "Jana Petersen", "parent_id": self.customer.id, "type": "contact"}
        )
        move = self.post_one(partner_id=person.id)
        self.work()
        (document,) = self.signed(move)
        self.assertEqual(document["address"]["name"], "Nordlicht Fahrradbau GmbH")
        self.assertEqual(self.link().partner_id, self.customer)

    def test_number_becomes_the_reference_and_the_former_one_is_kept(self):
        self.customer.ref = "K-77"
        self.post_one()
        self.work()
        (contact,) = self.contacts()
        number = str(contact["roles"]["customer"]["number"])
        self.assertEqual(self.customer.ref, number)
        self.assertEqual(self.link().customer_number, number)
        self.assertEqual(self.link().former_ref, "K-77")

    def test_number_that_can_not_be_read_comes_later(self):
        self.lexoffice.fault(method="GET", path="/v1/contacts/*", status=503, count=1)
        move = self.post_one()
        self.work()
        self.assertTrue(self.signed(move), "the document does not wait for it")
        self.assertFalse(self.link().customer_number)
        self.work()
        self.assertEqual(self.link().customer_number, "10001")
        self.assertEqual(self.customer.ref, "10001")

    def test_numbers_of_many_come_in_one_page(self):
        customers = [
            self.create_customer(name=f"Kunde {number}", vat=False, email=False)
            for number in range(5)
        ]
        moves = [self.post_one(partner_id=one.id) for one in customers]
        self.work()
        for move, customer in zip(moves, customers, strict=True):
            self.assert_delivered_once(move)
            self.assertTrue(customer.ref)
        counts = self.lexoffice.counts()
        self.assertEqual(counts["POST /v1/contacts"], 5)
        self.assertEqual(counts["GET /v1/contacts"], 2)
        self.assertNotIn("GET /v1/contacts/{id}", counts)

    def test_once_for_many_invoices(self):
        moves = [self.post_one() for _number in range(3)]
        self.work()
        for move in moves:
            self.assert_delivered_once(move)
        self.assertEqual(len(self.contacts()), 1)

    def test_lost_answer_makes_no_second_contact(self):
        for rule in ({"cut": "after"}, {"status": 504, "status_after_commit": True}):
            with self.subTest(rule):
                self.customer = self.create_customer(
                    name=f"Kunde {rule}", vat=False, email=False
                )
                count = len(self.contacts())
                self.lexoffice.fault(
                    method="POST", path="/v1/contacts", count=1, **rule
                )
                move = self.post_one()
                self.work()
                self.assertEqual(self.row(move).state, "pending")
                self.assertFalse(self.signed(move))
                self.let_contact_pass()
                self.later(move)
                self.assert_delivered_once(move)
                self.assertEqual(len(self.contacts()), count + 1)
                self.assertTrue(self.customer.ref)

    def let_contact_pass(self):
        """The moment of creation lies two hours back."""
        link = self.link()
        link.creating_since = link.creating_since.replace(year=2025)
        self.env.flush_all()

    def test_lost_request_creates_it_later(self):
        self.lexoffice.fault(method="POST", path="/v1/contacts", count=1, cut="before")
        move = self.post_one()
        self.work()
        self.later(move)
        self.assertFalse(self.contacts(), "it may still be under way")
        self.let_contact_pass()
        self.later(move)
        self.assert_delivered_once(move)
        self.assertEqual(len(self.contacts()), 1)

    def test_refusal_is_told_and_mended(self):
        self.lexoffice.fault(
            method="POST",
            path="/v1/contacts",
            count=1,
            status=406,
            body={"IssueList": [{"i18nKey": "missing_entity", "source": "x"}]},
        )
        row = self.stopped()
        self.assertFalse(self.link().creating_since)
        row.move_id.action_lexoffice_retry()
        self.work()
        self.assert_delivered_once(row.move_id)

    def test_race_for_a_number_is_repeated(self):
        self.lexoffice.fault(
            method="POST",
            path="/v1/contacts",
            count=1,
            status=406,
            body={"IssueList": [{"i18nKey": "account_number_already_exists"}]},
        )
        move = self.post_one()
        self.work()
        self.assertEqual(self.row(move).state, "pending")
        self.later(move)
        self.assert_delivered_once(move)

    def test_customer_without_country_stops_before_anything_is_made(self):
        self.customer.country_id = False
        row = self.stopped()
        self.assertEqual(row.error_code, "contact_field_missing")
        self.assertFalse(self.contacts())
        self.assertFalse(self.link())
