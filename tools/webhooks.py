# SPDX-License-Identifier: Apache-2.0
"""The webhook configurations.

Rendered, since they hold two lists that the code holds too: the kinds that are judged, and the
controllers whose writes are not.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from schemas import find_kind, kinds
from webhook.admission import Route
from webhook.controllers import CONTROLLERS, OWN_NAMESPACE, SYSTEM_GROUP, username

NAME: Final = "kube-sagemaker"
SERVICE: Final = "kube-sagemaker-gate"
TIMEOUT: Final = 5

HEADER: Final = """\
# SPDX-License-Identifier: Apache-2.0
# Made by `make manifests`; do not edit.
#
# failurePolicy Fail: while the gate is down, no SageMaker object is created or changed; all else
# in the cluster goes on. Fail holds for defaults too: a region silently missing would send a job
# elsewhere. With Ignore, objects pass unjudged and incomplete while the gate is down.
# Break glass (the gate stays out until they are applied again):
#   kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration kube-sagemaker
# timeoutSeconds 5: a review takes milliseconds; past 5 s the API server gives up, and Fail refuses.
# No namespace is left out: only SageMaker kinds are asked for, so nothing can lock itself out.
# Apply after the gate's pods are ready, then run `kube-sagemaker certs --install`, which sets the
# caBundle: docs/install.md.
"""


def match_conditions() -> list[dict[str, str]]:
    """Return the conditions under which the API server asks the gate at all."""
    users = ", ".join(f"'{username(account)}'" for account in CONTROLLERS)
    old, new = (
        f"(has({each}.metadata.annotations) ? {each}.metadata.annotations : {{}})"
        for each in ("oldObject", "object")
    )
    return [
        {
            "name": "not-by-the-system",
            "expression": f"!('{SYSTEM_GROUP}' in request.userInfo.groups)",
        },
        {
            "name": "not-by-a-controller",
            "expression": f"!(request.userInfo.username in [{users}])",
        },
        {
            "name": "spec-or-annotations-change",
            "expression": (
                "request.operation != 'UPDATE' || !has(object.spec) || !has(oldObject.spec)"
                f" || object.spec != oldObject.spec || {new} != {old}"
            ),
        },
    ]


def configuration(route: Route) -> dict[str, Any]:
    """Return one webhook configuration."""
    rules: dict[tuple[str, str], list[str]] = {}
    for group, name in kinds():
        kind = find_kind(group, name)
        if kind is not None:
            rules.setdefault((kind.group, kind.version), []).append(kind.plural)
    webhook: dict[str, Any] = {
        "name": f"{route}.kube-sagemaker.dev",
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "failurePolicy": "Fail",
        "timeoutSeconds": TIMEOUT,
        "matchPolicy": "Equivalent",
        "matchConditions": match_conditions(),
        "rules": [
            {
                "apiGroups": [group],
                "apiVersions": [version],
                "resources": sorted(plurals),
                "operations": ["CREATE", "UPDATE"],
                "scope": "Namespaced",
            }
            for (group, version), plurals in sorted(rules.items())
        ],
        "clientConfig": {
            "service": {
                "name": SERVICE,
                "namespace": OWN_NAMESPACE,
                "path": f"/{route}",
                "port": 443,
            }
        },
    }
    if route is Route.MUTATE:
        webhook["reinvocationPolicy"] = "IfNeeded"
    kind_name = "Mutating" if route is Route.MUTATE else "Validating"
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": f"{kind_name}WebhookConfiguration",
        "metadata": {"name": NAME, "labels": {"app.kubernetes.io/name": "kube-sagemaker"}},
        "webhooks": [webhook],
    }


def render_webhooks() -> str:
    """Return the text of manifests/webhooks.yaml."""
    documents = [configuration(route) for route in Route]
    return HEADER + yaml.safe_dump_all(documents, sort_keys=False, width=100)
