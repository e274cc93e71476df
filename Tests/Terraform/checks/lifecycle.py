"""What S3 removes by itself: never the current files of tables, of which Iceberg's metadata alone decides."""

from urllib.parse import urlsplit

from planned import Plan, Resource

# Where tables lie in every bucket, whether or not the plan's functions say so.
WAREHOUSE = "warehouse/"
# Access logs have their bucket for themselves: no role may write there, and tables least of all.
WITHOUT_TABLES = "logs"


def faults(plan: Plan) -> list[str]:
    """Rules of buckets that would remove files of tables, or move them to where a query waits for hours."""
    found = []
    folders = _folders(plan)
    for configuration in plan.of_type("aws_s3_bucket_lifecycle_configuration"):
        if configuration.is_unknown("rule"):
            found.append(f"{configuration.address}: its rules are known only after apply")
        bucket = _bucket(configuration, plan)
        mine = [prefix for name, prefix in folders if name == bucket]
        if configuration.name != WITHOUT_TABLES:
            mine.append(WAREHOUSE)
        for rule in configuration["rule"] or []:
            found += [f"{configuration.address}: rule {rule['id']} {fault}" for fault in _rule_faults(rule, mine)]
    return found


def _rule_faults(rule: dict, folders: list[str]) -> list[str]:
    if rule["status"] != "Enabled":
        return []
    prefix = _prefix(rule)
    touched = sorted({folder for folder in folders if folder.startswith(prefix) or prefix.startswith(folder)})
    if not touched:
        return []
    does = ["expires objects" for block in rule.get("expiration") or [] if block.get("days") is not None or block.get("date") is not None]
    does += ["moves objects to another class" for _ in rule.get("transition") or []]
    return [f"{what} under {', '.join(touched)}, where tables lie" for what in dict.fromkeys(does)]


def _prefix(rule: dict) -> str:
    """The prefix of a rule. What else narrows it, tags or sizes, does not keep it from files of tables."""
    for block in rule.get("filter") or []:
        for place in [block, *(block.get("and") or [])]:
            if place.get("prefix"):
                return place["prefix"]
    return rule.get("prefix") or ""


def _folders(plan: Plan) -> set[tuple[str, str]]:
    """Buckets and prefixes that functions know as warehouses."""
    found = set()
    for function in plan.of_type("aws_lambda_function"):
        for block in function["environment"] or []:
            for name, value in (block.get("variables") or {}).items():
                if name.startswith("LAKE_WAREHOUSE") and value:
                    address = urlsplit(value)
                    found.add((address.netloc, address.path.strip("/") + "/"))
    return found


def _bucket(configuration: Resource, plan: Plan) -> str | None:
    """The name of a configuration's bucket, which it may name by an id that is known only after apply: the one of its own name."""
    beside = (configuration.module, configuration.name, configuration.index)
    named = [bucket["bucket"] for bucket in plan.of_type("aws_s3_bucket") if (bucket.module, bucket.name, bucket.index) == beside]
    return configuration["bucket"] or next(iter(named), None)
