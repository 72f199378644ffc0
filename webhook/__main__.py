# SPDX-License-Identifier: Apache-2.0
"""`python -m webhook` is the command `kube-sagemaker`."""

from webhook.cli.entry import start

if __name__ == "__main__":
    start(prog_name="kube-sagemaker")
