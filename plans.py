"""The app's plans and what each gives. A shop's row holds the name of its plan."""

from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from translations import _, either, ngettext

UNLIMITED = None


class Plan(BaseModel):
    """``name`` is the Admin API's, ``handle`` the Partner API's; both are matched exactly.

    ``keys``: how many API keys there may be, None for any number; ``jobs``: exports and imports
    that run at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    handle: str = Field(min_length=1)
    api: bool
    keys: int | None = Field(UNLIMITED, ge=0)
    jobs: int = Field(gt=0)


FREE = Plan(name="Free", handle="free", api=False, keys=0, jobs=1)
PRO = Plan(name="Pro", handle="pro", api=True, jobs=5)


class Plans(RootModel[tuple[Plan, ...]]):
    """All plans, the one without a subscription first."""

    @model_validator(mode="after")
    def _sound(self) -> "Plans":
        names = [plan.name for plan in self.root]
        if not names or len(set(names)) < len(names):
            raise ValueError("list at least one plan, each with a name of its own")
        if not any(plan.api for plan in self.root):
            raise ValueError("at least one plan needs API access")
        return self

    @property
    def free(self) -> Plan:
        return self.root[0]

    @cached_property
    def with_api(self) -> frozenset[str]:
        """The names under which the API answers.

        The empty name too: Shopify has not been asked yet, and nobody is locked out for that.
        """
        return frozenset({"", *(plan.name for plan in self.root if plan.api)})

    @cached_property
    def job_limits(self) -> frozenset[int]:
        """How many jobs of one shop run at once, of each plan."""
        return frozenset(plan.jobs for plan in self.root)

    def jobs(self, name: str) -> int:
        """How many jobs of a shop on the plan of this name run at once; where the plan is not
        known, as many as on any."""
        plan = self.named(name)
        return plan.jobs if plan else max(self.job_limits)

    @property
    def needed(self) -> str:
        """The plans with API access, in words: ``Pro`` or ``Pro or Max``."""
        return either([plan.name for plan in self.root if plan.api])

    def named(self, name: str) -> Plan | None:
        """The plan of this name; None for one that the setting does not have."""
        return next((plan for plan in self.root if plan.name == name), None)

    def of_handle(self, handle: str) -> str:
        """The name of the plan with this handle; the handle itself when there is none."""
        return next((plan.name for plan in self.root if plan.handle == handle), handle)

    def refusal(self, name: str, keys: int) -> str | None:
        """Why a shop on this plan with so many keys may not make another; None when it may."""
        if name not in self.with_api:
            return _("API keys need the %(plan)s plan.", plan=self.needed)
        limit = plan.keys if (plan := self.named(name)) else UNLIMITED
        if limit is not UNLIMITED and keys >= limit:
            return ngettext(
                "The %(plan)s plan includes %(num)s API key. Delete it or change the plan.",
                "The %(plan)s plan includes %(num)s API keys. Delete one or change the plan.",
                limit,
                plan=name,
            )
        return None
