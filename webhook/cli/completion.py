# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker completion SHELL`: what a shell sources to complete the command's words."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import get_completion_class

HOW: Final = """\
\b
bash: eval "$(kube-sagemaker completion bash)"
zsh:  eval "$(kube-sagemaker completion zsh)"
fish: kube-sagemaker completion fish | source
"""


@click.command(epilog=HOW)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands, options and their values in SHELL."""
    main = click.get_current_context().find_root().command
    complete = get_completion_class(shell)
    assert complete is not None  # noqa: S101 - click has all three
    click.echo(complete(main, {}, "kube-sagemaker", "_KUBE_SAGEMAKER_COMPLETE").source())
