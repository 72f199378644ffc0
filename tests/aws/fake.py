# SPDX-License-Identifier: Apache-2.0
"""AWS on 127.0.0.1: SageMaker by this package, the rest by moto, one URL for all."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from threading import RLock
from typing import Any, Self

import boto3
from botocore.config import Config

from tests.aws import admin, autoscaling, endpoint, job, tuning
from tests.aws.access import ENVIRONMENT, check_key
from tests.aws.call import Call
from tests.aws.clock import Clock
from tests.aws.elsewhere import Elsewhere
from tests.aws.fault import CHANCES, Fault, Faults
from tests.aws.kind import ENDPOINT, KINDS, TUNING
from tests.aws.message import Reply, Request, json_reply, refusal_reply
from tests.aws.operation import operation_of
from tests.aws.plan import Plan, Plans
from tests.aws.refusal import Refusal
from tests.aws.registry import Registry, Resource
from tests.aws.server import Server
from tests.aws.service import answer, described

REGION = "us-west-2"
"""Where clients of `client` go unless told otherwise."""


class FakeAWS:
    """A fake AWS at `aws.url`, which takes all access keys but DENIED (no rights) and INVALID."""

    def __init__(self, *, port: int = 0, speed: float = 1.0, seconds: float = 60.0) -> None:
        """Take a port, the clock's speed, and what things take that no plan was made for.

        A speed below 1 puts the fake's timestamps behind real time sooner or later, which matters
        to clients that ask for what was modified after a time of their own clock.
        """
        self.clock = Clock(speed)
        self.calls: list[Call] = []
        self._plans = Plans(Plan(seconds=seconds))
        self._faults = Faults()
        self._registries: dict[str, Registry] = {}
        self._lock = RLock()
        self._server = Server(port, self._answer)
        self._elsewhere = Elsewhere(self._server.host)
        self.url = f"http://{self._server.host}"

    def __enter__(self) -> Self:
        """Serve."""
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it, with all its connections."""
        self._server.close()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to take this for AWS."""
        return {**ENVIRONMENT, "AWS_ENDPOINT_URL": self.url, "AWS_DEFAULT_REGION": REGION}

    def client(self, service: str, region: str = REGION, key: str = "test", **config: Any) -> Any:
        """Return a boto3 client that asks once and waits 10 s at most, unless told otherwise."""
        settings = {"retries": {"total_max_attempts": 1}, "read_timeout": 10, **config}
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=key,
            aws_secret_access_key="secret",  # noqa: S106 - of no one
            config=Config(connect_timeout=10, **settings),
        )

    def advance(self, seconds: float) -> None:
        """Let time go by."""
        self.clock.advance(seconds)

    def plan(self, name: str, *, kind: str = "*", **plan: Any) -> None:
        """Say how long resources made from now on take and how they end: see Plan.

        The name may be a pattern such as `train-*`; of several that fit, the latest counts. A plan
        for an endpoint counts for each of its updates too, as it then stands.
        """
        with self._lock:
            self._plans.add(name, kind, Plan(**plan))

    def finish(
        self, kind: str, name: str, end: str = "Completed", reason: str = "", region: str = REGION
    ) -> None:
        """End at once what runs or is under way. Raises ValueError if it does not."""
        with self._lock:
            now, plan = self._settled(region), Plan(end=end, reason=reason)
            found = self._registry(region).find(KINDS[kind], name, now)
            if found.kind is ENDPOINT:
                endpoint.finish(found, now, plan)
            elif found.kind is TUNING:
                tuning.finish(found, now, job.last_phase(plan, now))
            else:
                job.finish(found, now, plan)

    def refuse(
        self,
        operation: str,
        code: str = "ThrottlingException",
        message: str | None = None,
        *,
        times: int | None = 1,
        name: str = "*",
        region: str = "*",
        status: int | None = None,
        lost_answer: bool = False,
        hang: bool = False,
        late: bool = False,
        beyond: float = 0,
    ) -> None:
        """Refuse the next calls of an operation (a pattern such as `Describe*`), None for ever.

        With lost_answer they take effect and the connection closes, with hang nothing is heard,
        with late it takes a while. `name` narrows it to calls that say it, `beyond` to a rate.
        """
        fate = "lost" if lost_answer else "hung" if hang else "late" if late else "answered"
        refusal = Refusal(code, message, status) if fate == "answered" else None
        with self._lock:
            one = Fault(operation, refusal, fate, times, name, region, beyond)
            self._faults.scripted.append(one)

    def chaos(
        self, seed: int, share: float, picks: Sequence[str] = CHANCES, operations: str = "*"
    ) -> None:
        """Let a share of all calls fail: refused, or with effect but no answer (lost, hung)."""
        with self._lock:
            self._faults.chaos(seed, share, picks, operations)

    def relent(self) -> None:
        """No more faults of either sort."""
        with self._lock:
            self._faults = Faults()

    def created(self, kind: str, region: str | None = None) -> Counter[str]:
        """Return how many times a Create of each name took effect, answered or not.

        Training jobs that a tuning job started are not among them: nobody called Create.
        """
        return self._sum("created", kind, region)

    def duplicates(self, kind: str, region: str | None = None) -> Counter[str]:
        """Return how many times a Create of each name was refused as it existed already."""
        return self._sum("duplicates", kind, region)

    def resources(self, kind: str, region: str = REGION) -> dict[str, dict[str, Any]]:
        """Return what Describe says of every resource of a kind that exists, by name."""
        with self._lock:
            now, registry = self._settled(region), self._registry(region)
            found = registry.all(KINDS[kind], now)
            return {each.name: described(registry, each, now) for each in found}

    def running(self, kind: str, region: str = REGION) -> set[str]:
        """Return the names of what costs money: jobs not ended, all else that exists."""
        with self._lock:
            now = self._settled(region)
            found = self._registry(region).all(KINDS[kind], now)
            return {each.name for each in found if not each.is_over(now)}

    def tags(self, kind: str, name: str, region: str = REGION) -> dict[str, str]:
        """Return a resource's tags. Raises Refusal if there is none of the name."""
        with self._lock:
            return dict(self._find(kind, name, region).tags)

    def request(self, kind: str, name: str, region: str = REGION) -> Mapping[str, Any]:
        """Return what a resource was created from. Raises Refusal if there is none of the name."""
        with self._lock:
            return self._find(kind, name, region).request

    def _find(self, kind: str, name: str, region: str) -> Resource:
        return self._registry(region).find(KINDS[kind], name, self._settled(region))

    def _sum(self, what: str, kind: str, region: str | None) -> Counter[str]:
        with self._lock:
            total: Counter[str] = Counter()
            for each in self._registries.values():
                if region in {None, each.region}:
                    total += getattr(each, what)[kind]
            return total

    def _registry(self, region: str) -> Registry:
        return self._registries.setdefault(region, Registry(region, self._plans))

    def _settled(self, region: str) -> float:
        now = self.clock.now()
        tuning.settle(self._registry(region), now)
        return now

    def _answer(self, request: Request) -> Reply:
        """Answer a request; an error of the fake's own is an InternalFailure that shows it."""
        try:
            if request.path.startswith(admin.PREFIX):
                return admin.answer(self, request)
            return self._handle(request)
        except Exception:  # noqa: BLE001 - whoever reads the client's error must see it
            return json_reply(
                {"__type": "InternalFailure", "message": traceback.format_exc(limit=-4)}, 500
            )

    def _handle(self, request: Request) -> Reply:
        key, region, service = request.scope
        operation, parameters = request.method, dict[str, Any]()
        try:
            operation, parameters = operation_of(request, service)
            check_key(key, service, operation)
            with self._lock:
                fault = self._faults.strike(operation, parameters, region)
                if fault is not None and fault.refusal is not None:
                    raise fault.refusal
                if operation == "RegisterScalableTarget":
                    autoscaling.check(self._registry(region), parameters, self._settled(region))
        except Refusal as refusal:
            self._record(operation, parameters, region, service, refusal.code)
            return refusal_reply(refusal, service)
        if service == "sagemaker":
            reply, outcome = self._sagemaker(operation, parameters, region)
        else:
            reply = self._elsewhere.answer(request)
            outcome = "ok" if reply.status < 400 else str(reply.status)
        if fault is not None:
            reply = Reply(reply.status, reply.body, reply.headers, fault.fate)
            outcome = fault.fate if outcome == "ok" else f"{fault.fate} {outcome}"
        self._record(operation, parameters, region, service, outcome)
        return reply

    def _sagemaker(
        self, operation: str, parameters: dict[str, Any], region: str
    ) -> tuple[Reply, str]:
        with self._lock:
            try:
                now = self.clock.now()
                return json_reply(answer(self._registry(region), operation, parameters, now)), "ok"
            except Refusal as refusal:
                return refusal_reply(refusal, "sagemaker"), refusal.code

    def _record(
        self, operation: str, parameters: dict[str, Any], region: str, service: str, outcome: str
    ) -> None:
        call = Call(operation, parameters, self.clock.now(), region, service, outcome)
        self.calls.append(call)
