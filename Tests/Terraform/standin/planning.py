"""How a resource is planned that does not exist yet, and how a data source's answer is completed."""

from .values import UNKNOWN, is_unknown


def created(block: dict, proposed):
    """What is planned of one block: what the configuration gives stays, and what only AWS can tell is unknown."""
    if proposed is None or is_unknown(proposed):
        return proposed
    planned = {name: _attribute(attribute, proposed.get(name)) for name, attribute in block.get("attributes", {}).items()}
    for name, nested in block.get("block_types", {}).items():
        planned[name] = _each(proposed.get(name), nested["nesting_mode"], lambda value, inner=nested["block"]: created(inner, value))
    return planned


def decided(block: dict, config, path: str = "") -> list[str]:
    """Paths of values that a configuration gives although the provider alone decides them."""
    if not isinstance(config, dict):
        return []
    found = []
    for name, attribute in block.get("attributes", {}).items():
        value = config.get(name)
        if value is None:
            continue
        if not attribute.get("optional") and not attribute.get("required"):
            found.append(path + name)
        elif (nested := attribute.get("nested_type")) is not None:
            for inner in _elements(value, nested["nesting_mode"]):
                found += decided(nested, inner, f"{path}{name}.")
    for name, nested in block.get("block_types", {}).items():
        for inner in _elements(config.get(name), nested["nesting_mode"]):
            found += decided(nested["block"], inner, f"{path}{name}.")
    return found


def _elements(value, nesting: str) -> list:
    """The blocks or objects of a value, of which there are none while it is null or unknown."""
    if value is None or is_unknown(value):
        return []
    if nesting in ("single", "group"):
        return [value]
    return list(value.values()) if nesting == "map" else value


def _attribute(attribute: dict, value):
    if attribute.get("write_only"):
        return None
    if value is None:
        return UNKNOWN if attribute.get("computed") else None
    nested = attribute.get("nested_type")
    if nested is None:
        return value
    inner = {"attributes": nested["attributes"]}
    return _each(value, nested["nesting_mode"], lambda value: created(inner, value))


def _each(value, nesting: str, plan):
    if value is None or is_unknown(value):
        return value
    if nesting in ("single", "group"):
        return plan(value)
    if nesting == "map":
        return {key: plan(inner) for key, inner in value.items()}
    return [plan(inner) for inner in value]


def named(block: dict, planned: dict, type: str, number: int, arn: str) -> dict:
    """The same with a token for each string that only AWS can tell, so that the plan shows where the string goes: into an
    argument of another resource, or into the middle of a policy. [[TYPE#NUMBER.ATTRIBUTE]], behind an ARN's beginning if the
    attribute is one."""
    texts = {name for name, attribute in block.get("attributes", {}).items() if attribute.get("type") == "string"}
    return planned | {
        name: (arn if name == "arn" or name.endswith("_arn") else "") + f"[[{type}#{number}.{name}]]"
        for name in sorted(texts)
        if is_unknown(planned.get(name))
    }


def answered(block: dict, config: dict, answer: dict) -> dict:
    """A data source's state: its configuration, completed by an answer. What neither gives is null."""
    state = {name: config.get(name) if config.get(name) is not None else answer.get(name) for name in block.get("attributes", {})}
    return state | {name: config.get(name) for name in block.get("block_types", {})}


def missing(block: dict, answer: dict) -> list[str]:
    """Members of an answer that the data source does not have."""
    return sorted(answer.keys() - block.get("attributes", {}).keys())
