# SPDX-License-Identifier: Apache-2.0
"""How each API group spells an AWS member.

The original lowers the first letter and changes nothing else. ACK treats acronyms as its code
generator does: a leading one is lowered whole, any other is raised whole, and a Go keyword gets
an underscore.
"""

from __future__ import annotations

import re
from typing import Final

ACRONYMS: Final = ("Ami", "Arn", "Cpu", "Ebs", "Efs", "Id", "Kms", "Ui", "Uri", "Url")
"""The ones that occur in any CRD; plurals (`Ids`, `Arns`) follow."""

_ACRONYM: Final = re.compile(
    r"Ami(?![a-z])|Arn(?=s?(?![a-z]))|Cpu(?=s?(?![a-z]))|Ebs(?![a-z])|Efs(?![a-z])|EFS"
    r"|Id(?=s?(?![a-z]))|Kms(?![a-z])|Ui(?![a-z])|Uri(?=s?(?![a-z]))|Url(?=s?(?![a-z]))"
)


def spell_legacy(member: str) -> str:
    """`VolumeKmsKeyId` -> `volumeKmsKeyId`."""
    return member[:1].lower() + member[1:]


def spell_ack(member: str) -> str:
    """`VolumeKmsKeyId` -> `volumeKMSKeyID`, `Type` -> `type_`, `EFSId` -> `efsID`."""
    leading = _ACRONYM.match(member)
    raised = _ACRONYM.sub(lambda found: found[0].upper(), member)
    if leading is not None:
        raised = raised[: leading.end()].lower() + raised[leading.end() :]
    else:
        raised = raised[:1].lower() + raised[1:]
    return f"{raised}_" if raised == "type" else raised
