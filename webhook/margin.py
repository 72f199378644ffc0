# SPDX-License-Identifier: Apache-2.0
"""The waivers in the comments of one document, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from webhook.adapters.yamlcomment import Comment
from webhook.context import Context
from webhook.finding import Finding, Path
from webhook.policy import Effective
from webhook.waiver import (
    EXPIRED,
    UNREADABLE,
    UNUSED,
    Origin,
    Waived,
    Waiver,
    WaiverError,
    parse_waiver,
)
from webhook.waiving import complain

FIELD: Path = ("comment",)
"""What stands in place of a field in what is said of a comment."""

EXPECT = "expect["
"""How a comment starts that is no waiver, but what a policy test expects."""


@dataclass(slots=True)
class Margin:
    """The comments of a document. `served` are the (comment, rule) that waived something."""

    comments: list[tuple[Comment, Waiver]]
    unreadable: list[tuple[Comment, str]]
    served: set[tuple[Comment, str]] = field(default_factory=set)

    @classmethod
    def of(cls, comments: Iterable[Comment]) -> Margin:
        """Read the comments."""
        margin = cls([], [])
        for comment in comments:
            if comment.text.startswith(EXPECT):
                continue
            try:
                margin.comments.append((comment, parse_waiver(comment.text)))
            except WaiverError as error:
                margin.unreadable.append((comment, str(error)))
        return margin

    def take(self, finding: Finding, lines: frozenset[int], context: Context) -> Waived | None:
        """Return the finding as waived where a comment speaks of it and of one of its lines."""
        for comment, waiver in self.comments:
            if comment.about not in lines or finding.rule not in waiver.rules:
                continue
            if not waiver.has_expired(context.today):
                self.served.add((comment, finding.rule))
                return Waived(finding, Origin.COMMENT, waiver.reason, waiver.until)
        return None

    def complaints(
        self, context: Context, effective: Effective
    ) -> Iterator[tuple[Finding, Comment]]:
        """Yield what is wrong with the comments, once the whole document is judged."""
        said = [(comment, UNREADABLE, text) for comment, text in self.unreadable]
        for comment, waiver in self.comments:
            idle = [rule for rule in waiver.rules if (comment, rule) not in self.served]
            if waiver.has_expired(context.today):
                said.append((comment, EXPIRED, waiver.obituary))
            elif idle:
                text = f"{idle[0]} finds nothing in line {comment.about}; remove it"
                said.append((comment, UNUSED, text))
        for comment, rule, text in said:
            for finding in complain(rule, FIELD, comment.text, text, effective):
                yield finding, comment
