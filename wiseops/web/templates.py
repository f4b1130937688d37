"""Admins write the texts of messages, and see them filled in while they type."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound

from wiseops.auth import me, only, requires
from wiseops.domain import segments
from wiseops.domain import templates as domain
from wiseops.domain.errors import Refused
from wiseops.domain.templates.context import sample
from wiseops.models import TemplateVersion
from wiseops.queries import company, previews
from wiseops.queries import templates as known
from wiseops.services import templates
from wiseops.web.clock import now, today
from wiseops.web.forms import Form
from wiseops.web.htmx import go
from wiseops.web.template_forms import NameForm, template_form
from wiseops.web.texts import gettext as _

bp = Blueprint("templates", __name__, url_prefix="/settings/templates")
bp.before_request(only("manager"))
CHANNELS = {"email": _l("E-mail"), "sms": _l("SMS")}


@bp.get("")
def index() -> ResponseReturnValue:
    return render_template(
        "templates/index.html", templates=known.everything(), channels=CHANNELS, languages=domain.LANGUAGES
    )


@bp.get("/new")
@requires("admin")
def new() -> ResponseReturnValue:
    return render_template("templates/new.html", form=NameForm())


@bp.post("")
@requires("admin")
def create() -> ResponseReturnValue:
    form = NameForm()
    if form.validate():
        try:
            template_id = templates.create(form.name.data or "")
            return go(url_for("templates.show", template_id=template_id))
        except Refused as refused:
            form.refuse(refused)
    return render_template("templates/new.html", form=form), 422


@bp.get("/<int:template_id>")
def show(template_id: int) -> ResponseReturnValue:
    language = domain.language_of(company.get().language)
    return redirect(url_for("templates.edit", template_id=template_id, channel="email", language=language), code=303)


@bp.get("/<int:template_id>/<channel>/<language>")
def edit(template_id: int, channel: str, language: str) -> ResponseReturnValue:
    versions = known.versions(template_id, channel, language)
    shown = next(
        (v for v in versions if v.id == request.args.get("version", type=int)), versions[0] if versions else None
    )
    typed = {"subject": shown.subject, "body": shown.body} if shown else {}
    return _editor(template_id, channel, language, template_form(channel, typed), shown=shown)


@bp.post("/<int:template_id>/<channel>/<language>")
@requires("admin")
def save(template_id: int, channel: str, language: str) -> ResponseReturnValue:
    form = template_form(channel)
    if form.validate():
        try:
            templates.save(
                template_id,
                channel=channel,
                language=language,
                subject=form.data.get("subject") or "",
                body=form.data["body"],
                now=now(),
                by_id=me().id,
            )
            here = url_for("templates.edit", template_id=template_id, channel=channel, language=language)
            return go(here, notice=_("Saved. Messages use it from now on."))
        except Refused as refused:
            form.refuse(refused)
    return _editor(template_id, channel, language, form, status=422)


@bp.post("/preview/<channel>/<language>")
def preview(channel: str, language: str) -> ResponseReturnValue:
    """The text as typed, for a real account or for the sample customer."""
    subject, body = request.form.get("subject", ""), request.form.get("body", "").replace("\r\n", "\n")
    number = request.form.get("account", "").strip()
    facts: dict[str, object] = {"channel": channel}
    try:
        domain.check(channel, language, subject, body, company.get())
        account = previews.account(number) if number else None
        context = account and previews.context(account, channel=channel, language=language, today=today())
        if number and context is None:
            facts["remark"] = _("Nothing is overdue there.") if account else _("There is no account of that number.")
        rendered = domain.render(subject, body, context or _sample(language), channel=channel)
        facts |= {"rendered": rendered, "size": segments.measure(rendered.body)}
    except Refused as refused:
        facts["problem"] = refused.message
    return render_template("templates/_preview.html", **facts)


@bp.post("/versions/<int:version_id>/restoration")
@requires("admin")
def restore(version_id: int) -> ResponseReturnValue:
    version = known.version(version_id)
    templates.restore(version_id, now=now(), by_id=me().id)
    here = url_for(
        "templates.edit", template_id=version.template_id, channel=version.channel, language=version.language
    )
    return go(here, notice=_("The earlier text is in use again."))


@bp.post("/<int:template_id>/name")
@requires("admin")
def rename(template_id: int) -> ResponseReturnValue:
    form = NameForm()
    if form.validate():
        try:
            templates.rename(template_id, form.name.data or "")
            return go(url_for("templates.index"), notice=_("Saved."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("templates/new.html", form=form, template=known.get(template_id)), 422


@bp.get("/<int:template_id>/name")
@requires("admin")
def name(template_id: int) -> ResponseReturnValue:
    template = known.get(template_id)
    return render_template("templates/new.html", form=NameForm(obj=template), template=template)


@bp.post("/<int:template_id>/archive")
@requires("admin")
def archive(template_id: int) -> ResponseReturnValue:
    templates.archive(template_id, archived=not known.get(template_id).archived)
    return go(url_for("templates.index"), notice=_("Saved."))


def _sample(language: str) -> domain.Context:
    """The sample customer with the most to say: two currencies, and something also overdue."""
    return sample(company.get(), language)


def _editor(
    template_id: int,
    channel: str,
    language: str,
    form: Form,
    *,
    shown: TemplateVersion | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    if language not in domain.LANGUAGES:
        raise NotFound
    template = known.get(template_id)
    return render_template(
        "templates/edit.html",
        template=template,
        channel=channel,
        language=language,
        form=form,
        shown=shown,
        versions=known.versions(template_id, channel, language),
        wordings=known.wordings([template_id])[template_id],
        channels=CHANNELS,
        languages=domain.LANGUAGES,
        fields=domain.SCALARS,
        lists=domain.LISTS,
        row=domain.ROW,
    ), status
