# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker completion`: what each shell offers once it has sourced the script."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(sys.executable).parent

ASK = {
    "bash": """
source <(kube-sagemaker completion bash)
COMP_WORDS=(kube-sagemaker "$@"); COMP_CWORD=$#
compopt() { :; }  # there is no line that is being edited
_kube_sagemaker_completion kube-sagemaker
printf '%s\\n' "${COMPREPLY[@]}"
""",
    "zsh": """
autoload -U compinit; compinit -D -u
source <(kube-sagemaker completion zsh)
words=(kube-sagemaker "$@"); CURRENT=$(($# + 1))
compadd() { print -l -- ${(P)5}; }         # -U -V unsorted -a NAME
_describe() { print -l -- ${${(P)3}%%:*}; } # -V unsorted NAME -U
_kube_sagemaker_completion
""",
    "fish": """
kube-sagemaker completion fish | source
complete --do-complete "kube-sagemaker $argv" | string replace -r '\\t.*' ''
""",
}
"""Shell -> a script that prints what would be offered for its arguments."""

OFFERED = [
    (["val"], ["validate"]),
    (["validate", "--fail"], ["--fail-on"]),
    (["validate", "--format", "gith"], ["github"]),
    (["validate", "--fail-on", "w"], ["warning"]),
    (["completion", ""], ["bash", "zsh", "fish"]),
    (["explain", "SM21"], ["SM210", "SM211"]),
    (["schema", "--group", "legacy", "Train"], ["TrainingJob"]),
]


@pytest.mark.parametrize("shell", ASK)
def test_a_shell_completes_words(shell: str, tmp_path: Path) -> None:
    """Subcommands, options, choices, rules and kinds."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"NOT RUN, no {shell} on the PATH")
    script = tmp_path / "ask"
    script.write_text(ASK[shell])
    for words, offered in OFFERED:
        done = subprocess.run(  # noqa: S603 - our own words
            [program, str(script), *words], capture_output=True, text=True, check=False,
            timeout=60, env={"PATH": f"{SCRIPTS}:/usr/bin:/bin", "HOME": str(tmp_path)},
        )  # fmt: skip
        assert sorted(done.stdout.split()) == sorted(offered), (words, done.stdout, done.stderr)


@pytest.mark.parametrize("shell", ASK)
def test_every_shell_has_its_script(shell: str) -> None:
    """It is printed for a shell that is not installed, too."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "webhook", "completion", shell], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"_KUBE_SAGEMAKER_COMPLETE={shell}_complete" in done.stdout
