# SPDX-License-Identifier: Apache-2.0
"""`python -m webhook` is the command `kube-sagemaker`."""

from webhook.cli.main import main

if __name__ == "__main__":
    main(prog_name="kube-sagemaker")
