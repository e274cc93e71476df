"""The schemas that one configuration needs: AWS's from the declarations, others from files."""

import hashlib
import json
import re
import tempfile
from pathlib import Path

from . import declarations

AWS = "registry.terraform.io/hashicorp/aws"
NAMED = re.compile(r'^\s*(resource|data)\s+"(aws_\w+)"', re.M)


def named(folder: Path) -> tuple[set[str], set[str]]:
    """Types of AWS's resources and data sources that the configuration below `folder` names."""
    resources, data_sources = set(), set()
    for path in folder.rglob("*.tf"):
        for kind, name in NAMED.findall(path.read_text()):
            (resources if kind == "resource" else data_sources).add(name)
    return resources, data_sources


def aws(library: Path, resources: set[str], data_sources: set[str], cache: Path) -> dict:
    """The AWS provider's schema as far as these types go. A type that it does not have is left out."""
    known = declarations.Declarations(library)
    cached = _Cache(cache)
    resource_schemas = {name: cached.get(name, lambda: known.resource(name)) for name in sorted(resources)}
    data_schemas = {name: cached.get("data." + name, lambda: known.data_source(name)) for name in sorted(data_sources)}
    return {
        "provider": cached.get("provider", known.provider),
        "resource_schemas": {name: schema for name, schema in resource_schemas.items() if schema is not None},
        "data_source_schemas": {name: schema for name, schema in data_schemas.items() if schema is not None},
    }


def written(path: Path) -> dict[str, dict]:
    """Schemas by provider's source address, from a file in the form of `terraform providers schema -json`."""
    return json.loads(path.read_text())["provider_schemas"]


class _Cache:
    """A file a type, void when the reader of the declarations changes."""

    def __init__(self, folder: Path):
        reader = hashlib.sha256(Path(declarations.__file__).read_bytes()).hexdigest()[:16]
        self.folder = folder / reader
        self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, name: str, make):
        path = self.folder / f"{name}.json"
        try:
            return json.loads(path.read_text())
        except FileNotFoundError:
            schema = make()
        if schema is not None:
            # Several runs at once write the same; none may read half of it.
            with tempfile.NamedTemporaryFile("w", dir=self.folder, delete=False) as file:
                json.dump(schema, file)
            Path(file.name).rename(path)
        return schema
