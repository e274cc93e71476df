"""That whatever can carry tags carries those by which costs and data are told apart."""

from planned import Plan, Resource

REQUIRED = ("owner", "environment", "layer", "classification")


def faults(plan: Plan) -> list[str]:
    """Resources that lack a tag. What the provider adds by default_tags counts: it is in tags_all."""
    return [
        f"{resource.address}: no tag {', '.join(lacking)}"
        for resource in plan.resources
        if can_carry(resource) and (lacking := [tag for tag in REQUIRED if not _tags(resource).get(tag)])
    ]


def can_carry(resource: Resource) -> bool:
    """Whether the resource's schema has tags: a plan shows every argument, null or unknown ones too."""
    return "tags" in resource.values or "tags" in resource.unknown


def _tags(resource: Resource) -> dict:
    return resource["tags_all"] or resource["tags"] or {}
