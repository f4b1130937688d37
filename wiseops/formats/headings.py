"""What sources call our columns and kinds, in English, Danish and Norwegian."""

from __future__ import annotations

from wiseops.domain.entries import Kind

ACCOUNTS = {
    "number": "account number, account no, account, customer number, customer no, customer id, customer, debtor number,"
    " kundenr, kundenummer, kunde nr, debitornr, debitornummer, kontonr, kontonummer, konto",
    "name": "customer name, account name, company, company name, debtor name, navn, kundenavn, firmanavn, firma,"
    " debitornavn, kunde",
    "email": "e-mail, e-mail address, email address, mail, e-post, epost, e-mailadresse, mailadresse, e-postadresse",
    "phone": "telephone, phone number, mobile, mobile phone, cell, telefon, tlf, telefonnummer, mobil, mobilnummer,"
    " mobiltelefon",
    "country": "country code, land, landekode, landkode",
    "language": "language code, sprog, sprogkode, språk, språkkode",
    "timezone": "time zone, tidszone, tidssone",
    "kind": "type, customer type, kundetype",
    "street": "address, address 1, street address, adresse, vej, gade, gate, gateadresse",
    "postal_code": "postal code, zip, zip code, postcode, postnr, postnummer",
    "city": "town, by, poststed, sted",
    "tags": "tag, group, customer group, gruppe, kundegruppe, kategori",
    "collector": "owner, sales person, account manager, sagsbehandler, saksbehandler, ansvarlig, medarbejder",
}
ENTRIES = {
    "account": "account number, account no, customer number, customer no, customer id, customer, debtor number,"
    " kundenr, kundenummer, kunde nr, kunde, debitornr, debitornummer, debitor, kontonr, kontonummer, konto",
    "kind": "type, document type, entry type, transaction type, bilagstype, posttype, dokumenttype, transaktionstype",
    "number": "invoice number, invoice no, invoice, document number, document no, voucher, fakturanr, fakturanummer,"
    " faktura nr, faktura, bilagsnr, bilagsnummer, bilag, dokumentnr",
    "issued_on": "invoice date, issue date, issued, date, document date, posting date, entry date, fakturadato, dato,"
    " bilagsdato, bogføringsdato, bokføringsdato, udstedt, utstedt",
    "due_on": "due date, due, payment due, forfald, forfaldsdato, forfallsdato, forfall, betalingsfrist, frist",
    "currency": "currency code, ccy, valuta, valutakode",
    "amount": "invoice amount, total, total amount, gross amount, beløb, beløp, fakturabeløb, fakturabeløp, i alt, sum,"
    " totalbeløb, totalbeløp",
    "allocate_to": "applies to, applied to, applies-to doc no, settles, udligner, udligning, utligner, vedrører,"
    " gjelder faktura",
    "disputed_amount": "disputed, dispute amount, omtvistet, omtvistet beløb, omtvistet beløp, bestridt",
    "payment_reference": "reference, payment ref, payment id, kid, kid-nummer, kidnummer, fik, betalingsid,"
    " betalings-id, ocr, ocr-reference, betalingsreference, betalingsreferanse",
    "settled_on": "settled date, settled, paid on, paid date, payment date, betalt, betalt dato, betalingsdato,"
    " udlignet, utlignet",
}
_KINDS = {
    Kind.INVOICE: "inv, faktura, fakt",
    Kind.CREDIT_NOTE: "credit note, credit memo, credit, creditnote, kreditnota, kreditnote, kredit",
    Kind.PAYMENT: "receipt, betaling, indbetaling, innbetaling",
    Kind.FEE: "reminder fee, gebyr, rykkergebyr, purregebyr",
    Kind.INTEREST: "rente, renter, morarente, forsinkelsesrente",
    Kind.CHARGE: "omkostning, omkostninger, inkassogebyr, omkostningsgebyr",
    Kind.REFUND: "tilbagebetaling, udbetaling, refusion, tilbakebetaling, utbetaling, refusjon",
    Kind.ADJUSTMENT: "correction, justering, korrektion, korreksjon, rettelse",
    Kind.WRITE_OFF: "write-off, write off, writeoff, tab, tap, afskrivning, avskrivning, konstateret tab",
}
ACCOUNT_KINDS = {
    word: kind
    for kind, words in (
        ("business", "business company erhverv virksomhed firma bedrift næring"),
        ("consumer", "consumer private person privat forbruger forbruker privatperson"),
    )
    for word in words.split()
}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]


KINDS: dict[str, Kind] = {str(kind): kind for kind in Kind} | {
    word: kind for kind, words in _KINDS.items() for word in _words(words)
}
WORDS: dict[str, dict[str, list[str]]] = {
    noun: {target: [target, *_words(words)] for target, words in targets.items()}
    for noun, targets in (("accounts", ACCOUNTS), ("entries", ENTRIES))
}
