# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker replay`: a recorded AdmissionReview through both routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from webhook.adapters.inputs import Inputs
from webhook.adapters.policyfile import load_policy
from webhook.adapters.yamlfile import FileError
from webhook.admission import Gate, Route, admit
from webhook.catalog import load_catalog
from webhook.cli.exits import FILE, Exit, end
from webhook.namespaces import NoCluster
from webhook.patch import apply
from webhook.policy import EMPTY
from webhook.protocol import Answer, Request, Undecodable, decode
from webhook.resource import Namespace
from webhook.schema import default_engine


@dataclass(frozen=True, slots=True)
class Given(NoCluster):
    """The namespace of the review, with labels from the command line."""

    labels: Mapping[str, str]

    def find(self, name: str) -> Namespace | None:
        """Return the namespace."""
        return Namespace(name, self.labels, {})


@click.command()
@click.argument("review", metavar="REVIEW|-")
@click.option("--policy", type=FILE, help="The gate's SageMakerPolicy.")
@click.option("--label", "labels", multiple=True, metavar="KEY=VALUE", help="Of the namespace.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def replay(review: str, policy: Path | None, labels: tuple[str, ...], form: str) -> None:
    """Send a recorded AdmissionReview through both routes, and say what came of it.

    REVIEW is a file of JSON, as the API server sends it. The second route is asked as the API
    server would: with the first one's patch, and not at all when the first one refused.

    Exit code: 0 allowed, 1 refused, 2 wrong usage or no review.
    """
    end(lambda: _replay(review, policy, labels, form))


def _replay(review: str, policy: Path | None, labels: tuple[str, ...], form: str) -> Exit:
    request = _read(review)
    gate = Gate(
        load_catalog(),
        default_engine(),
        load_policy(policy) if policy is not None else EMPTY,
        "replay",
        Given(dict(_pair(label) for label in labels)),
    )
    answers = {Route.MUTATE: admit(Route.MUTATE, request, gate).answer}
    first = answers[Route.MUTATE]
    if first.allowed:
        body = apply(request.object, first.patch) if first.patch else request.object
        changed = msgspec.structs.replace(request, object=body)
        answers[Route.VALIDATE] = admit(Route.VALIDATE, changed, gate).answer
    if form == "json":
        raw = {route.value: msgspec.Raw(answer.encode()) for route, answer in answers.items()}
        click.echo(msgspec.json.format(msgspec.json.encode(raw), indent=2).decode())
    else:
        for route in Route:
            for line in _lines(route, answers.get(route)):
                click.echo(line)
    return Exit.CLEAN if all(each.allowed for each in answers.values()) else Exit.FOUND


def _read(name: str) -> Request:
    try:
        return decode(Inputs([name]).read(name)).request
    except Undecodable as error:
        raise FileError(name, None, None, error.message) from None


def _pair(label: str) -> tuple[str, str]:
    key, sign, value = label.partition("=")
    if not key or not sign:
        raise click.BadParameter(f"{label!r} is not KEY=VALUE", param_hint="--label")
    return key, value


def _lines(route: Route, answer: Answer | None) -> Iterator[str]:
    if answer is None:
        yield f"/{route}: not asked, since /mutate refused"
        return
    status = answer.status or {}
    code = f" ({status['code']} {status['reason']})" if status else ""
    yield f"/{route}: {'allowed' if answer.allowed else 'refused'}{code}"
    yield from (f"  {line}" for line in str(status.get("message", "")).splitlines())
    for add in answer.patch:
        operation = add.operation
        value = msgspec.json.encode(operation["value"]).decode()
        yield f"  add {operation['path']}: {value}"
    yield from (f"  Warning: {warning}" for warning in answer.warnings)
    yield from (f"  audit {key}: {value}" for key, value in sorted(answer.audit.items()))
