# SPDX-License-Identifier: Apache-2.0
"""The operators: custom resources of `sagemaker.aws.amazon.com/v1` become SageMaker's own.

Each kind is a pure state machine, `step(subject, observed, now) -> Step`; one engine executes the
steps of all kinds. Nothing here knows the gate's server.
"""
