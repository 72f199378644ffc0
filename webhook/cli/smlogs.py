# SPDX-License-Identifier: Apache-2.0
"""`kubectl smlogs` and `kube-sagemaker smlogs`: the log of what an object has become."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem

from controller.logs.duration import NotDuration, milliseconds
from controller.logs.kind import KINDS, LogKind, find_log_kind
from controller.logs.source import Selection
from webhook.cli.exits import FILE

INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as a shell has it."""

NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
"""The names that Kubernetes' objects have, roughly: what matters is that none is a path."""

KINDS_HELP: Final = ", ".join(f"{kind.name} ({kind.short})" for kind in KINDS)


def _target(kind: str, name: str | None) -> tuple[LogKind, str]:
    """Return kind and name of `KIND NAME` or `KIND/NAME`, in any spelling that kubectl would know.

    Raises UsageError.
    """
    words = [*kind.split("/", 1), *([name] if name is not None else [])]
    if len(words) != len(("KIND", "NAME")):
        given = " ".join([kind, *([name] if name is not None else [])])
        raise click.UsageError(f"{given!r} is not one object: give KIND NAME or KIND/NAME")
    found = find_log_kind(words[0])
    if found is None:
        raise click.BadParameter(
            f"{words[0]!r} has no log, these have: {KINDS_HELP}", param_hint="'KIND'"
        )
    try:
        return found, _name(words[1])
    except click.BadParameter as error:
        error.param_hint = "'NAME'"
        raise


def _offered(_ctx: click.Context, _param: click.Parameter, text: str) -> list[CompletionItem]:
    """Return the kinds that begin so, in the case of their names whatever was typed."""
    start = text.lower()
    return [CompletionItem(kind.name) for kind in KINDS if kind.name.lower().startswith(start)]


def _duration(text: str) -> int:
    """Return a length of time in milliseconds."""
    try:
        return milliseconds(text)
    except NotDuration as error:
        raise click.BadParameter(str(error)) from None


def _name(text: str) -> str:
    """Return the name of an object or of a namespace."""
    if not NAME.fullmatch(text):
        raise click.BadParameter(f"{text!r} cannot be the name of a Kubernetes object")
    return text


@click.command()
@click.argument("kind", shell_complete=_offered)
@click.argument("name", required=False, metavar="NAME")
@click.option("-f", "--follow", is_flag=True, help="Go on until the job ends.")
@click.option("--since", type=_duration, metavar="10m", help="Only what is newer.")
@click.option("--tail", type=click.IntRange(0), metavar="N", help="Only the last N lines so far.")
@click.option(
    "-p",
    "--log-search-prefix",
    "--logSearchPrefix",
    "prefix",
    default="",
    metavar="PREFIX",
    help="Only log streams that go on so after the job's name, e.g. algo-1.",
)
@click.option("--stream", metavar="NAME", help="Only this log stream.")
@click.option("--variant", metavar="NAME", help="Only this variant of a HostingDeployment.")
@click.option("--hide-log-stream-name", "hide", is_flag=True, help="Without the first column.")
@click.option("-n", "--namespace", type=_name, metavar="NAME", help="Default: the context's.")
@click.option("--context", metavar="NAME", help="Of the kubeconfig; default: the current one.")
@click.option("--kubeconfig", type=FILE, help="Default: $KUBECONFIG, or ~/.kube/config.")
def smlogs(  # noqa: PLR0913, PLR0917 - one argument per option
    kind: str,
    name: str | None,
    follow: bool,  # noqa: FBT001 - click's way
    since: int | None,
    tail: int | None,
    prefix: str,
    stream: str | None,
    variant: str | None,
    hide: bool,  # noqa: FBT001 - click's way
    namespace: str | None,
    context: str | None,
    kubeconfig: Path | None,
) -> None:
    """Print the log of a job or an endpoint, by its Kubernetes object: KIND NAME or KIND/NAME.

    KIND is TrainingJob (tj), HyperparameterTuningJob (hpo: all jobs that it has started),
    BatchTransformJob (btj), ProcessingJob (pj) or HostingDeployment (hd: all variants). The log is
    read from CloudWatch with your own AWS credentials, which need logs:FilterLogEvents.

    Exit code: 0 printed, 1 there is no such object, job or log (yet), 2 wrong usage, or the cluster
    or AWS cannot be asked.
    """
    log_kind, object_name = _target(kind, name)
    if variant is not None and not log_kind.is_endpoint:
        raise click.UsageError(f"--variant is for a HostingDeployment, a {log_kind.name} has none")
    if stream is not None and (prefix or variant is not None):
        raise click.UsageError("--stream names one log stream: -p and --variant choose among many")
    try:
        from webhook.cli.logprinter import LogPrinter, Place  # noqa: PLC0415 - completion needs none

        selection = Selection(prefix, variant, stream)
        place = Place(kubeconfig, context, namespace, log_kind, object_name)
        printer = LogPrinter(place, selection, has_stream=not hide)
        printer.run(follow=follow, since=since, tail=tail)
    except KeyboardInterrupt:  # the way to end it
        _leave()


def _leave() -> None:
    """End at once: what is left in the buffer is nobody's any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(INTERRUPTED)
