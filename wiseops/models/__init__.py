"""Every table, importable from one place."""

from wiseops.models.accounts import Account, AccountTag, AccountWord
from wiseops.models.activities import Activity
from wiseops.models.automation import Automation, AutomationSwitch, Position, StageTotal
from wiseops.models.calls import Call
from wiseops.models.company import Company
from wiseops.models.contacts import Contact
from wiseops.models.dispositions import Disposition
from wiseops.models.disputes import Dispute, DisputeFile
from wiseops.models.documents import DocumentLink
from wiseops.models.engagements import Anchor, ClosedStep, Engagement
from wiseops.models.entries import Allocation, Entry
from wiseops.models.events import Event
from wiseops.models.exclusions import ExcludedAccount, Exclusion
from wiseops.models.files import File, FilePart
from wiseops.models.guardrails import Guardrail
from wiseops.models.holidays import Holiday
from wiseops.models.imports import Import, ImportProfile
from wiseops.models.messages import Channel, Message, MessageFile, MessageItem
from wiseops.models.plans import Plan, PlanStep
from wiseops.models.promises import Promise, PromiseItem, PromisePart
from wiseops.models.replies import Reply, ReplyFile, ReplyPart
from wiseops.models.rounds import Round
from wiseops.models.submissions import Submission
from wiseops.models.suppressions import Suppression
from wiseops.models.tasks import Task
from wiseops.models.templates import Template, TemplateVersion
from wiseops.models.types import EPOCH
from wiseops.models.users import User
from wiseops.models.webhooks import Webhook

__all__ = [
    "EPOCH",
    "Account",
    "AccountTag",
    "AccountWord",
    "Activity",
    "Allocation",
    "Anchor",
    "Automation",
    "AutomationSwitch",
    "Call",
    "Channel",
    "ClosedStep",
    "Company",
    "Contact",
    "Disposition",
    "Dispute",
    "DisputeFile",
    "DocumentLink",
    "Engagement",
    "Entry",
    "Event",
    "ExcludedAccount",
    "Exclusion",
    "File",
    "FilePart",
    "Guardrail",
    "Holiday",
    "Import",
    "ImportProfile",
    "Message",
    "MessageFile",
    "MessageItem",
    "Plan",
    "PlanStep",
    "Position",
    "Promise",
    "PromiseItem",
    "PromisePart",
    "Reply",
    "ReplyFile",
    "ReplyPart",
    "Round",
    "StageTotal",
    "Submission",
    "Suppression",
    "Task",
    "Template",
    "TemplateVersion",
    "User",
    "Webhook",
]
