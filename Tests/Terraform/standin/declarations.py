"""Schemas of the AWS provider, read from the type declarations that cdktf ships.

The package holds a folder a resource or data source, each with index.js (argument names, types, which are blocks, what is
computed) and index.d.ts (which arguments may be left out). Schemas come out in the form of `terraform providers schema
-json`. What the declarations do not tell: defaults, allowed values, arguments that exclude each other, which optional
arguments the provider fills in, and the upper bound of blocks that newer resources declare as plain lists.
"""

import re
from functools import cached_property
from pathlib import Path

PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
# Optional arguments that the provider fills in where they are left out, wherever they occur at the top of a resource.
FILLED_IN = {"id", "arn", "name", "name_prefix", "bucket", "bucket_prefix", "region", "tags_all"}

ARGUMENT = re.compile(
    r'(\w+): \{\s+value: ([^\n]+),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)",\s+\}'
)
FIELD = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s+readonly (\w+)(\??):", re.S)
GETTER = re.compile(r"^    get \w+\(\) \{\s+return ([^\n]*this\.(\w+)\(['\"](\w+)['\"]\)[^\n]*);\s+\}", re.M)
COMPLEX = re.compile(
    r'// (\w+) - computed: (true|false), optional: (true|false), required: (?:true|false)\s+'
    r'this\.\w+ = new (?:\w+\.)?(\w+)\(this, "\w+"(?:, (true|false))?\)'
)
GETTER_TYPES = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
    "interpolationForAttribute": "dynamic",
}
COMPUTED_MAPS = {"StringMap": "string", "NumberMap": "number", "BooleanMap": "bool"}


class Untold(Exception):
    """A type that the declarations do not tell enough of."""


class Declarations:
    """The package's folder `lib`, one folder a type."""

    def __init__(self, library: Path):
        self.library = library

    def provider(self) -> dict:
        schema = Declaration(self.library / "provider").schema()
        # Not an argument of the provider: Terraform's own name for one of several configurations.
        schema["block"]["attributes"].pop("alias", None)
        return schema

    def resource(self, name: str) -> dict | None:
        return self._schema(name.removeprefix("aws_"))

    def data_source(self, name: str) -> dict | None:
        return self._schema("data-aws-" + name.removeprefix("aws_"))

    def _schema(self, name: str) -> dict | None:
        folder = self.library / name.replace("_", "-")
        return Declaration(folder).schema() if (folder / "index.js").is_file() else None


class Declaration:
    """One type's declarations."""

    def __init__(self, folder: Path):
        self.code = "\n".join(path.read_text() for path in sorted(folder.rglob("*.js")))
        # The source map, a single line that is longer than all the code.
        self.code = re.sub(r"//# sourceMappingURL=.*", "", self.code)
        self.types = "\n".join(path.read_text() for path in sorted(folder.rglob("*.d.ts")))

    def schema(self) -> dict:
        name = re.search(r"^(\w+)\.tfResourceType = ", self.code, re.M).group(1)
        arguments = self._class(name).split("synthesizeHclAttributes()", 1)[1]
        block = self._block(arguments, name, name + "Config")
        for argument in FILLED_IN & block["attributes"].keys():
            if block["attributes"][argument].get("optional"):
                block["attributes"][argument]["computed"] = True
        return {"version": 0, "block": block}

    @cached_property
    def _is_framework(self) -> bool:
        """Whether the type is made with the provider's newer framework, whose ids are no arguments."""
        return "this._id = config.id;" not in self.code

    def _class(self, name: str) -> str:
        found = re.search(rf"^class {name} extends .*?^exports\.{name} = {name};", self.code, re.M | re.S)
        return found.group(0) if found else ""

    def _function(self, name: str) -> str:
        return re.search(rf"^function {name}\(struct\) \{{.*?^\}}", self.code, re.M | re.S).group(0)

    def _fields(self, interface: str) -> dict[str, tuple[bool, bool]]:
        """Of each field, by its camel-case name: whether it is required, and whether it is written as a block."""
        found = re.search(rf"^export interface {interface}\b.*?^\}}", self.types, re.M | re.S)
        fields = FIELD.findall(found.group(0)) if found else []
        return {name: (not optional, re.search(r"^\s*\* \w+ block\s*$", text, re.M) is not None) for text, name, optional in fields}

    def _block(self, arguments: str, owner: str, interface: str) -> dict:
        """A block whose arguments stand in one piece of code, whose computed attributes in the class `owner`."""
        attributes, blocks = {}, {}
        fields = self._fields(interface)
        computed_too = {name for name, computed, optional, _, _ in COMPLEX.findall(self._class(owner)) if (computed, optional) == ("true", "true")}
        for name, value, is_block, kind, storage in ARGUMENT.findall(arguments):
            field = re.search(r"(?:struct\.|this\._)(\w+)", value).group(1)
            required, is_written_as_block = fields.get(field, (False, False))
            attribute = {"required": True} if required else {"optional": True}
            if name in computed_too:
                attribute["computed"] = True
            if name.endswith("_wo") and f"{name}_version:" in arguments:
                attribute["write_only"] = True
            if is_block == "false":
                attributes[name] = attribute | {"type": _argument_type(kind, storage)}
                continue
            function = re.search(r"(\w+ToHclTerraform)\b", value).group(1)
            inner = self._nested(function)
            if is_written_as_block:
                # Terraform wants the whole type of what a set holds; statements of WAF's rules hold statements again.
                if kind == "set" and "dynamic" in (attribute.get("type") for attribute in inner["attributes"].values()):
                    raise Untold(f"the declarations do not tell what {owner}.{name} holds")
                blocks[name] = _nested_block(kind, inner, required, is_single="Mapper" not in value)
            else:
                attributes[name] = attribute | self._object(kind, inner)
        for name, kind in self._computed(owner).items():
            if name not in attributes and name not in blocks:
                attributes[name] = {"computed": True, "type": kind}
        return {"attributes": attributes, "block_types": blocks}

    def _nested(self, function: str) -> dict:
        structure = function.removesuffix("ToHclTerraform")
        structure = structure[0].upper() + structure[1:]
        return self._block(self._function(function), structure + "OutputReference", structure)

    def _object(self, kind: str, inner: dict) -> dict:
        """An attribute that holds objects: with a type of its own in the framework, a plain type before."""
        nesting = "single" if kind == "struct" else kind
        if self._is_framework:
            return {"nested_type": {"nesting_mode": nesting, "attributes": _attributes_only(inner)}}
        members = ["object", {name: _plain_type(attribute) for name, attribute in _attributes_only(inner).items()}]
        return {"type": members if nesting == "single" else [nesting, members]}

    def _computed(self, owner: str) -> dict:
        """Attributes that a class offers to read, by name."""
        code = self._class(owner)
        found = {}
        for expression, getter, name in GETTER.findall(code):
            kind = GETTER_TYPES.get(getter, "dynamic")
            if "tolist(" in expression and isinstance(kind, list):
                kind = ["set", kind[1]]
            found[name] = kind
        for name, computed, _, kind, wraps_set in COMPLEX.findall(code):
            if computed == "false":
                continue
            if kind in COMPUTED_MAPS:
                found[name] = ["map", COMPUTED_MAPS[kind]]
                continue
            structure = re.sub("(List|Map|OutputReference)$", "", kind)
            members = ["object", self._computed(structure + "OutputReference")]
            collection = "map" if kind.endswith("Map") else "set" if wraps_set == "true" else "list"
            found[name] = members if kind.endswith("OutputReference") else [collection, members]
        return found


def _argument_type(kind: str, storage: str):
    """A type in Terraform's JSON notation, from `list` and `stringMapList` say: the last word is the outermost."""
    primitive = re.match(r"[a-z]+", storage).group(0)
    wrappers = re.findall(r"List|Map", storage)
    result = PRIMITIVES[primitive]
    for wrapper in wrappers:
        result = ["map" if wrapper == "Map" else "list", result]
    if kind == "set":
        result = ["set", result[1]]
    return result


def _nested_block(kind: str, inner: dict, required: bool, is_single: bool) -> dict:
    if kind == "struct":
        return {"nesting_mode": "single", "block": inner, "min_items": int(required), "max_items": 1 if required else 0}
    block = {"nesting_mode": kind, "block": inner}
    if required:
        block["min_items"] = 1
    if is_single:
        block["max_items"] = 1
    return block


def _attributes_only(block: dict) -> dict:
    """A block's arguments as attributes of an object, in which there are no blocks."""
    nested = {
        name: {"optional": True, "nested_type": {"nesting_mode": kind["nesting_mode"], "attributes": _attributes_only(kind["block"])}}
        for name, kind in block["block_types"].items()
    }
    return block["attributes"] | nested


def _plain_type(attribute: dict):
    if "type" in attribute:
        return attribute["type"]
    nested = attribute["nested_type"]
    members = ["object", {name: _plain_type(inner) for name, inner in nested["attributes"].items()}]
    return members if nested["nesting_mode"] == "single" else [nested["nesting_mode"], members]
