# SPDX-License-Identifier: Apache-2.0
"""Reviews as the API server writes them."""

from __future__ import annotations

from typing import Any

import yaml

from tests.gateprocess import ROOT

UID = "705ab4f5-6393-11e8-b7cc-42010a800002"
SAMPLE = yaml.safe_load(
    (ROOT / "manifests" / "samples" / "trainingjob-xgboost-mnist.yaml").read_text()
)

HEAD = b'{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"abc-1",'
"""The first bytes of a review, up to its uid."""


def review(**request: Any) -> dict[str, Any]:
    """Return a review, its uid first, as the API server writes it."""
    request = {"uid": UID, "operation": "CREATE", **request}
    head = {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1"}
    return {**head, "request": request}
