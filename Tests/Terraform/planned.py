"""What Terraform plans, read from `terraform show -json` of a plan."""

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Resource:
    """A resource that is planned. `values` leaves out what is unknown until apply; `unknown` says what that is."""

    address: str
    type: str
    name: str
    # The key of for_each or count, where the resource has one.
    index: str | int | None
    # Address of the module, empty for the root.
    module: str
    values: dict
    # True in the places of unknown values, in the shape of the values.
    unknown: dict = field(default_factory=dict)

    def __getitem__(self, name: str):
        """The value of an argument; None where it is null or unknown."""
        return self.values.get(name)

    def is_unknown(self, name: str) -> bool:
        return self.unknown.get(name, False) is True


class Plan:
    """A plan's JSON, with the folder of the root that it was made from."""

    def __init__(self, document: dict, root: Path):
        self.document = document
        self.root = root
        unknown = {change["address"]: change["change"].get("after_unknown", {}) for change in document.get("resource_changes", [])}
        self.resources = [
            Resource(
                address=resource["address"],
                type=resource["type"],
                name=resource["name"],
                index=resource.get("index"),
                module=module,
                values=resource["values"],
                unknown=unknown.get(resource["address"]) or {},
            )
            for module, resource in _resources(document["planned_values"].get("root_module", {}))
            if resource["mode"] == "managed"
        ]
        self._by_address = {resource.address: resource for resource in self.resources}

    @classmethod
    def read(cls, path: Path, root: Path) -> "Plan":
        return cls(json.loads(path.read_text()), root)

    def of_type(self, *types: str) -> list[Resource]:
        """Resources of the types, in the order of their addresses."""
        return sorted((resource for resource in self.resources if resource.type in types), key=lambda resource: resource.address)

    def __getitem__(self, address: str) -> Resource:
        return self._by_address[address]

    def __contains__(self, address: str) -> bool:
        return address in self._by_address

    @property
    def addresses(self) -> set[str]:
        return set(self._by_address)

    @property
    def outputs(self) -> dict:
        """Values of the root's outputs that are known."""
        planned = self.document["planned_values"].get("outputs", {})
        return {name: output["value"] for name, output in planned.items() if "value" in output}

    def file(self, name: str) -> Path:
        """A file that an argument names: absolute, or seen from the root."""
        return (self.root / name).resolve()


def _resources(module: dict):
    for resource in module.get("resources", []):
        yield module.get("address", ""), resource
    for child in module.get("child_modules", []):
        yield from _resources(child)
