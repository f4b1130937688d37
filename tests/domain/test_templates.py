"""What an admin may write in a template, and what becomes of it."""

from dataclasses import dataclass
from datetime import date

import pytest

from wiseops.domain.automation.demand import Demand, Line
from wiseops.domain.errors import Refused
from wiseops.domain.templates import check, choose, context_for, render

TODAY = date(2026, 3, 16)


@dataclass
class Named:
    name: str = "Ærø Blik ApS"
    number: str = "2044"
    phone: str = "+4570101010"
    how_to_pay: str = ""


def a_line(number: str, amount: int, *, currency: str = "DKK", demanded: bool = True, kind: str = "invoice") -> Line:
    return Line(1, number, kind, date(2026, 1, 30), date(2026, 3, 1), currency, amount, demanded)


def a_context(*lines: Line, language: str = "en", contact: Named | None = None, deadline: date | None = None) -> dict:
    sums: dict[str, int] = {}
    for line in lines:
        if line.demanded:
            sums[line.currency] = sums.get(line.currency, 0) + line.amount
    return context_for(
        Demand(lines, sums, deadline),
        account=Named(),
        contact=contact,
        company=Named("Nordlys A/S"),
        language=language,
        today=TODAY,
    )


@pytest.mark.parametrize(
    "body",
    [
        "{{ account.delete() }}",
        "{{ account.secret }}",
        "{{ account }}",
        "{{ account.__class__ }}",
        "{{ account['name'] }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ 'a' * 10**9 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ 10**9 }}",
        "{{ -step }}",
        "{{ '%s'|format(totals) }}",
        "{{ '{0.__class__}'.format(account) }}",
        "{{ lipsum() }}",
        "{{ cycler('a') }}",
        "{{ lipsum.__globals__ }}",
        "{{ range(99999) }}",
        "{{ self }}",
        "{{ config }}",
        "{{ request.application }}",
        "{{ items }}",
        "{{ items[0] }}",
        "{{ items|list }}",
        "{{ totals|attr('upper') }}",
        "{{ totals|map('upper') }}",
        "{{ totals|default(account) }}",
        "{{ totals if step else today }}",
        "{{ [1, 2] }}",
        "{{ {'a': 1} }}",
        "{% set a = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% block b %}{% endblock %}",
        "{% call x() %}{% endcall %}",
        "{% filter upper %}x{% endfilter %}",
        "{% with a = 1 %}{% endwith %}",
        "{% for i in range(9) %}x{% endfor %}",
        "{% for i in 'abc' %}x{% endfor %}",
        "{% for i in items %}{% for j in items %}x{% endfor %}{% endfor %}",
        "{% for i in items recursive %}x{% endfor %}",
        "{% for a, b in items %}x{% endfor %}",
        "{% for items in items %}x{% endfor %}",
        "{% for i in items if i.amount %}x{% endfor %}",
        "{% for i in items %}{{ i }}{% endfor %}",
        "{% for i in items %}{{ i.id }}{% endfor %}",
        "{% for i in items %}{{ loop.index }}{% endfor %}",
        "{% for i in items %}{% else %}{{ i.number }}{% endfor %}",
        "{% if totals is defined %}x{% endif %}",
        "{% if 'a' in totals %}x{% endif %}",
        "{% if account.name() %}x{% endif %}",
        "Hi {% if step == 2 %}{{ step|length }}{% endif %}",
        "Hi {% if step == 2 and account.name < 5 %}x{% endif %}",
        "Hi {% if step == 4 %}{{ today|upper('a') }}{% endif %}",
        "{% if step == 1 %}Hi{% elif step == 3 %}Ho{% endif %}",
        "{% if company.phone %}Hi{% endif %}",
        "{% if not how_to_pay %}Hi{% endif %}",
        "{% if step <= 12 %}Hi{% endif %}",
        "Hi {% if company.phone %}{{ today|trim(1) }}{% endif %}",
        "Hi {% if step > 40 %}{{ today|trim(chars='a', other='b') }}{% endif %}",
        "Hi {% if step > 40 %}{{ today|default('a', default_value='b') }}{% endif %}",
        "Hi {% if step > 40 %}{{ company.phone|default(3, true)|length }}{% endif %}",
        "Hi {% if step > 40 %}{{ items|length|length }}{% endif %}",
        "Hi {% if step > 40 and 1 < totals < 3 %}x{% endif %}",
        "Hi {% if step > 40 and step < none %}x{% endif %}",
        "{{ totals",
        "{% if %}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "9" * 5000 + " }}",
        "{% if not " + "not " * 300 + "step %}x{% endif %}",
        "x" * 10_001,
    ],
)
def test_what_is_not_on_the_list_is_refused_on_its_field(body: str):
    with pytest.raises(Refused) as refused:
        check("email", "en", "Hello", body, Named())

    assert refused.value.field == "body"
    assert refused.value.message


@pytest.mark.parametrize(
    "body",
    [
        "Hello {{ contact.name }}, you owe {{ totals }}.",
        "{% for item in items %}{{ item.number }} {{ item.amount }}\n{% endfor %}",
        "{% for row in also %}{{ row.kind|lower }}{% else %}nothing else{% endfor %}",
        "{% if also %}also{% elif deadline %}by {{ deadline }}{% else %}now{% endif %}!",
        "{% if step > 1 and not also or items|length == 1 %}again{% endif %} {{ items|length }}",
        "{{ company.phone|default('none', true) }} {{ account.name|upper|trim }}",
        "{{ company.phone|default(default_value='none', boolean=1)|length }} {{ account.name|trim('A')|length }}",
        "{% if 1 < step <= 3.5 and also|length < account.name|length %}again{% endif %} {{ step|upper|length }}",
        "{% if step == 1 %}Hi{% elif step == 3 %}Ho{% else %}Well{% endif %}{% if how_to_pay %}!{% endif %}",
        "{% raw %}{{ literally }}{% endraw %} {# a remark #}",
    ],
)
def test_values_conditions_and_a_loop_over_the_items_are_allowed(body: str):
    check("email", "en", "Hello", body, Named())


def test_the_message_says_what_there_is():
    with pytest.raises(Refused, match=r"Line 2: “account\.email” is not known\. There is account\.name"):
        check("email", "en", "Hello", "Dear\n{{ account.email }}", Named())


def test_the_subject_is_checked_as_well():
    with pytest.raises(Refused) as refused:
        check("email", "en", "{{ account.delete() }}", "Hello", Named())

    assert refused.value.field == "subject"


@pytest.mark.parametrize(
    ("channel", "language", "subject", "body", "field"),
    [
        ("email", "en", "", "Hello", "subject"),
        ("email", "en", "{% if step > 1 %}Again{% endif %}", "Hello", "subject"),
        ("email", "en", "Hello", " \n ", "body"),
        ("email", "en", "Hello", "{% if also %}only sometimes{% endif %}", "body"),
        ("email", "en", "Hello", "{% if deadline > 3 %}x{% endif %}y", "body"),
        ("sms", "en", "Hello", "Hello", "subject"),
        ("sms", "en", "", "{% for item in items %}{{ item.number }}{% endfor %}", "body"),
        ("sms", "en", "", "x" * 1531, "body"),
        ("sms", "xx", "", "Hello", "language"),
        ("fax", "en", "", "Hello", "channel"),
    ],
)
def test_a_wording_that_would_not_render_is_refused(channel: str, language: str, subject: str, body: str, field: str):
    with pytest.raises(Refused) as refused:
        check(channel, language, subject, body, Named())

    assert refused.value.field == field


def test_rendering_asks_the_list_again():
    with pytest.raises(Refused):
        render("Hello", "{{ 'a' * 10**9 }}", a_context(a_line("1", 1)), channel="email")


@pytest.mark.parametrize(
    "body",
    [
        '{% if account.number > "2" %}Hi{% else %}Ho{% endif %}',
        '{% if deadline|default("") > "" %}Hi{% else %}Ho{% endif %}',
        "{% if step|default > 0 %}Hi{% endif %}",
        "{% if step > 0 == true %}Hi{% else %}Ho{% endif %}",
        "{% if step > 40 %}{{ today|trim(1) }}{% else %}Hi{% endif %}",
    ],
)
def test_a_wording_that_was_saved_under_looser_rules_still_leaves_where_it_can(body: str):
    assert render("Hello", body, a_context(a_line("1", 1)), channel="email").body in ("Hi", "Ho")

    with pytest.raises(Refused, match=r"^Line 1: "):
        check("email", "en", "Hello", body, Named())


def test_an_output_without_end_is_cut_off():
    lines = [a_line(str(number), 100) for number in range(1000)]
    body = "{% for item in items %}" + "x" * 200 + "{% endfor %}"

    with pytest.raises(Refused, match="longer than"):
        render("Hello", body, a_context(*lines), channel="email")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Invoice 7, due 1 Mar 2026: DKK\u00a01,234.50. To pay: DKK\u00a01,234.50 and EUR\u00a03.00"),
        ("da", "Faktura 7, due 1. mar. 2026: 1.234,50\u00a0DKK. To pay: 1.234,50\u00a0DKK og 3,00\u00a0EUR"),
        ("nb", "Faktura 7, due 1. mars 2026: 1\u00a0234,50\u00a0DKK. To pay: 1\u00a0234,50\u00a0DKK og 3,00\u00a0EUR"),
    ],
)
def test_money_and_days_are_written_in_the_language_of_the_message(language: str, text: str):
    body = (
        "{% for item in items %}{% if item.number == '7' %}{{ item.kind }} {{ item.number }}, due {{ item.due_on }}: "
        "{{ item.amount }}. {% endif %}{% endfor %}To pay: {{ totals }}"
    )
    context = a_context(a_line("7", 123_450), a_line("8", 300, currency="EUR"), language=language)

    assert render("Hello", body, context, channel="email").body == text


def test_what_is_also_overdue_stays_outside_the_total():
    context = a_context(a_line("7", 10_000), a_line("9", 5_000, demanded=False))
    body = "{{ totals }} for {{ numbers }}; also {% for item in also %}{{ item.number }}{% endfor %}"

    assert render("Hello", body, context, channel="email").body == "DKK\u00a0100.00 for 7; also 9"


def test_an_sms_has_plain_spaces_and_no_subject():
    rendered = render("", "{{ totals }}", a_context(a_line("7", 123_456_789), language="nb"), channel="sms")

    assert (rendered.subject, rendered.body) == ("", "1 234 567,89 DKK")


def test_numbers_names_five_and_counts_the_rest():
    context = a_context(*(a_line(str(number), 100) for number in range(1, 9)))

    assert context["numbers"] == "1, 2, 3, 4, 5 +3"


def test_a_name_with_line_breaks_cannot_add_a_header():
    context = a_context(a_line("7", 100))
    context["account"]["name"] = "A\r\nBcc: b@example.com"

    assert render("For {{ account.name }}", "Hello", context, channel="email").subject == "For A Bcc: b@example.com"


def test_a_value_that_looks_like_a_template_stays_text():
    context = a_context(a_line("7", 100), contact=Named("{{ totals }}"))

    assert render("Hello", "{{ contact.name }}", context, channel="email").body == "{{ totals }}"


def test_without_a_person_the_customer_is_addressed():
    assert a_context(a_line("7", 100))["contact"]["name"] == "Ærø Blik ApS"
    assert a_context(a_line("7", 100), contact=Named("Mette"))["contact"]["name"] == "Mette"


@pytest.mark.parametrize(
    ("there", "account", "company", "chosen"),
    [
        ("da en nb", "nb", "da", "nb"),
        ("da en nb", "no", "da", "nb"),
        ("da en nb", "nb-NO", "da", "nb"),
        ("da en nb", None, "da", "da"),
        ("da en nb", "de", "da", "da"),
        ("en nb", "da", "nb", "nb"),
        ("en nb", "da", "da", "en"),
        ("nb", "da", "da", "nb"),
        ("", "da", "da", None),
    ],
)
def test_the_wording_is_the_accounts_language_else_the_companys_else_english(
    there: str, account: str | None, company: str, chosen: str | None
):
    found = choose(dict.fromkeys(there.split(), 1), account, company)

    assert (found and found[0]) == chosen
