"""Who issues ID tokens to jobs, and what a rule pins of each: declared, one entry a provider.

Pinned are ids that nobody can register again: whoever takes over the name of a repository that
was deleted or renamed is not let in.
"""

import re
from typing import NamedTuple

from translations import N_

DIGITS, UUID = r"[0-9]{1,30}", r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
TEXT = r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,253}[^\s\x00-\x1f\x7f])?"
ORIGIN = r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?"


class Pin(NamedTuple):
    """A claim that a rule pins. ``prefix`` stands before what a person types."""

    claim: str
    label: str
    required: bool = False
    form: str = TEXT
    example: str = ""
    prefix: str = ""

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return "claim-" + re.sub("[^a-z]+", "-", self.claim.lower())


class Provider(NamedTuple):
    """``issuer`` is fixed, or with ``issuer_form`` the form of what is to be typed and the example.
    ``inside`` is a claim, and what it says of runs that nobody outside the repository can start.
    ``lookup`` tells the public ids of a repository: an address with ``{path}``, and by claim where
    in the answer its id stands. ``lines`` are what to paste into the job's file."""

    name: str
    label: str
    issuer: str
    pins: tuple[Pin, ...]
    lines: str
    issuer_form: str = ""
    inside: tuple[str, str] | None = None
    chosen_audience: bool = True
    """Whether a job may ask for a token with the audience that it names."""
    lookup: tuple[str, dict[str, tuple[str, ...]]] | None = None


GITHUB_LINES = """\
permissions:
  contents: read
  id-token: write
env:
  ALTERA_WORKLOAD: {address}
jobs:
  nightly:
    runs-on: ubuntu-latest
    steps:
      - run: {command} export create products --output products.csv
"""
GITLAB_LINES = """\
nightly:
  image: node:22
  id_tokens:
    ALTERA_ID_TOKEN:
      aud: {audience}
  variables:
    ALTERA_WORKLOAD: {address}
  script:
    - {command} export create products --output products.csv
"""
BUILDKITE_LINES = """\
steps:
  - command: {command} export create products --output products.csv
    env:
      ALTERA_WORKLOAD: {address}
"""
CIRCLECI_LINES = """\
jobs:
  nightly:
    docker:
      - image: cimg/node:22.0
    environment:
      ALTERA_WORKLOAD: {address}
    steps:
      - run: {command} export create products --output products.csv
"""
GOOGLE_LINES = """\
export ALTERA_WORKLOAD={address}
export ALTERA_ID_TOKEN="$(gcloud auth print-identity-token --audiences={audience})"
{command} export create products --output products.csv
"""
AZURE_LINES = """\
export ALTERA_WORKLOAD={address}
export ALTERA_ID_TOKEN="$(az account get-access-token --query accessToken --output tsv \\
  --resource {audience})"
{command} export create products --output products.csv
"""
OTHER_LINES = """\
export ALTERA_WORKLOAD={address}
export ALTERA_ID_TOKEN="<an ID token for {audience}>"
{command} export create products --output products.csv
"""
BRANCH = "refs/heads/"
ALL = (
    Provider(
        "github",
        "GitHub Actions",
        "https://token.actions.githubusercontent.com",
        (
            Pin("repository_id", N_("Repository ID"), True, DIGITS, "1296269"),
            Pin("repository_owner_id", N_("Owner ID"), True, DIGITS, "583231"),
            Pin("ref", N_("Branch"), example="main", prefix=BRANCH),
            Pin("environment", N_("Environment"), example="production"),
            Pin(
                "job_workflow_ref",
                N_("Workflow"),
                example="octo/shop/.github/workflows/nightly.yml@refs/heads/main",
            ),
        ),
        GITHUB_LINES,
        inside=(
            "event_name",
            "push|schedule|workflow_dispatch|repository_dispatch|release|merge_group"
            "|create|delete|deployment|deployment_status",
        ),
        lookup=(
            "{github}/repos/{path}",
            {"repository_id": ("id",), "repository_owner_id": ("owner", "id")},
        ),
    ),
    Provider(
        "gitlab",
        "GitLab",
        "https://gitlab.com",
        (
            Pin("project_id", N_("Project ID"), True, DIGITS, "278964"),
            Pin("namespace_id", N_("Namespace ID"), True, DIGITS, "9970"),
            Pin("ref_path", N_("Branch"), example="main", prefix=BRANCH),
            Pin("environment", N_("Environment"), example="production"),
            Pin(
                "ci_config_ref_uri",
                N_("Workflow"),
                example="gitlab.com/octo/shop//.gitlab-ci.yml@refs/heads/main",
            ),
        ),
        GITLAB_LINES,
        issuer_form=ORIGIN,
        inside=("pipeline_source", "push|schedule|web|api|trigger|pipeline"),
        lookup=(
            "{issuer}/api/v4/projects/{path}",
            {"project_id": ("id",), "namespace_id": ("namespace", "id")},
        ),
    ),
    Provider(
        "buildkite",
        "Buildkite",
        "https://agent.buildkite.com",
        (
            Pin("organization_id", N_("Organization ID"), True, UUID),
            Pin("pipeline_id", N_("Pipeline ID"), True, UUID),
            Pin("build_branch", N_("Branch"), example="main"),
            Pin("step_key", N_("Step"), example="nightly"),
        ),
        BUILDKITE_LINES,
        inside=("build_branch", r"[^:]+"),
    ),
    Provider(
        "circleci",
        "CircleCI",
        "https://oidc.circleci.com/org/<organization ID>",
        (
            Pin("oidc.circleci.com/project-id", N_("Project ID"), True, UUID),
            Pin("oidc.circleci.com/vcs-ref", N_("Branch"), example="main", prefix=BRANCH),
        ),
        CIRCLECI_LINES,
        issuer_form=rf"{ORIGIN}/org/{UUID}",
        inside=("oidc.circleci.com/vcs-ref", r"refs/(heads|tags)/.+"),
    ),
    Provider(
        "google",
        "Google Cloud",
        "https://accounts.google.com",
        (Pin("sub", N_("Service account’s unique ID"), True, DIGITS, "104202513102842937461"),),
        GOOGLE_LINES,
    ),
    Provider(
        "azure",
        "Microsoft Azure",
        "https://login.microsoftonline.com/<tenant ID>/v2.0",
        (
            Pin("tid", N_("Tenant ID"), True, UUID),
            Pin("oid", N_("Object ID of the identity"), True, UUID),
        ),
        AZURE_LINES,
        issuer_form=rf"{ORIGIN}/{UUID}(/v2\.0|/)?",
        chosen_audience=False,
    ),
    Provider("other", N_("Another issuer"), "", (), OTHER_LINES, issuer_form=rf"{ORIGIN}(/.*)?"),
)
BY_NAME = {provider.name: provider for provider in ALL}
