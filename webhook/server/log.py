# SPDX-License-Identifier: Apache-2.0
"""JSON lines on standard error: one per denial, and what happens to the server itself.

A line names rules and fields, never values: environment variables and hyperparameters hold what
people should not have put there.
"""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

from webhook.admission import Decision, Outcome, Route
from webhook.finding import Mode
from webhook.protocol import Request
from webhook.reserved import CRASHED
from webhook.review import Crash

log: structlog.stdlib.BoundLogger = structlog.get_logger("kube-sagemaker")


def configure_logs() -> None:
    """Send our lines, and the warnings of the libraries, to standard error as JSON."""
    told: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    written = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*told, written],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=told,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, written],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def log_decision(route: Route, request: Request, decision: Decision) -> None:
    """Write a line for a denial, for a failure, and for each rule that crashed."""
    for finding in decision.findings:
        if finding.rule == CRASHED and isinstance(finding.fault, Crash):
            log.error("rule crashed", uid=request.uid, traceback=finding.fault.trace)
    if decision.outcome is Outcome.PASSED or decision.answer.allowed:
        return
    denied = [f for f in decision.findings if f.mode is Mode.DENY]
    status = decision.answer.status or {}
    log.warning(
        "denied" if decision.outcome is Outcome.DENIED else "failed",
        route=route.value,
        uid=request.uid,
        operation=request.operation,
        kind=decision.kind or request.kind.kind,
        namespace=request.namespace,
        name=request.name,
        user=request.user.username,
        dry_run=bool(request.dry_run),
        code=status.get("code"),
        rules=sorted({f.rule for f in denied}),
        fields=[f.field for f in denied[:20]],
        message=None if denied else status.get("message"),
    )
