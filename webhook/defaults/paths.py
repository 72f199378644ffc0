# SPDX-License-Identifier: Apache-2.0
"""Any other AWS path that the policy gives a default for, e.g. `OutputDataConfig.KmsKeyId`.

A path that this kind does not have is passed over. A value is written in AWS names and put down
in the kind's spelling: `{Key: team, Value: research}` becomes `{key: team, value: research}`.
"""

from collections.abc import Iterator

from webhook.default import Filling, Subject, default_rule
from webhook.policy import COMPUTED
from webhook.spelling import spell


@default_rule
def paths(subject: Subject) -> Iterator[Filling]:
    """Yield the place of each path that the policy names."""
    for default in subject.effective.defaults.values():
        field = subject.resource.kind.members.get(default.path)
        if field is not None and default.path not in COMPUTED:
            yield Filling(("spec", *field.keys), spell(field, default.value), default.origin)
