"""The plugin: serves one provider's schemas and plans over gRPC on a unix socket."""

import itertools
import json
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

from . import planning
from .values import decode, encode, is_unknown

# The folder has to be on the path for gRPC to find the file by its name.
sys.path.insert(0, str(Path(__file__).parent))
messages, services = grpc.protos_and_services("protocol.proto")
sys.path.pop(0)

Answers = Mapping[str, Callable[[str, dict], dict]]


class Provider(services.ProviderServicer):
    """One provider. Schemas have the form of `terraform providers schema -json`. With `tokens`, what only AWS can tell is
    planned as tokens, not as unknown."""

    def __init__(self, schema: dict, answers: Answers, region: str, tokens: bool = False):
        self.schema = schema
        self.answers = answers
        self.region = region
        self.default_tags: dict = {}
        self.numbers = itertools.count(1) if tokens else None
        self.schemas = messages.Schemas(
            provider=_schema(schema["provider"]),
            resource_schemas={name: _schema(value) for name, value in schema.get("resource_schemas", {}).items()},
            data_source_schemas={name: _schema(value) for name, value in schema.get("data_source_schemas", {}).items()},
        )

    def GetProviderSchema(self, request, context):
        return self.schemas

    def ValidateProviderConfig(self, request, context):
        return messages.ProviderDiagnostics(diagnostics=_decided(self.schema["provider"], request.config))

    def ConfigureProvider(self, request, context):
        config = decode(request.config.msgpack) or {}
        if isinstance(config.get("region"), str):
            self.region = config["region"]
        for block in config.get("default_tags") or []:
            self.default_tags = block.get("tags") or {}
        return messages.Diagnostics()

    def ValidateResourceConfig(self, request, context):
        return messages.Diagnostics(diagnostics=_decided(self.schema["resource_schemas"][request.type_name], request.config))

    def ValidateDataResourceConfig(self, request, context):
        decided = _decided(self.schema["data_source_schemas"][request.type_name], request.config)
        return messages.Diagnostics(diagnostics=decided + self._without_answer(request.type_name))

    def ReadDataSource(self, request, context):
        diagnostics = self._without_answer(request.type_name)
        if diagnostics:
            return messages.State(diagnostics=diagnostics)
        block = self.schema["data_source_schemas"][request.type_name]["block"]
        config = decode(request.config.msgpack)
        answer = self.answers[request.type_name](self.region, config)
        unfit = planning.missing(block, answer)
        if unfit:
            return messages.State(diagnostics=[_error("Answer does not fit", f"{request.type_name} has no attribute {', '.join(unfit)}.")])
        return messages.State(state=_value(planning.answered(block, config, answer)))

    def PlanResourceChange(self, request, context):
        proposed = decode(request.proposed_new_state.msgpack)
        if proposed is None:
            return messages.PlanResponse(planned_state=request.proposed_new_state)
        block = self.schema["resource_schemas"][request.type_name]["block"]
        planned = planning.created(block, self._with_defaults(block, proposed))
        if self.numbers is not None:
            arn = f"arn:aws:token:{self.region}:123456789012:"
            planned = planning.named(block, planned, request.type_name, next(self.numbers), arn)
        return messages.PlanResponse(planned_state=_value(planned))

    def ApplyResourceChange(self, request, context):
        return messages.ApplyResponse(diagnostics=[_error("Nothing to apply to", "The stand-in plans, and makes nothing.")])

    def UpgradeResourceState(self, request, context):
        return messages.State(diagnostics=[_error("No state to upgrade", "The stand-in plans against an empty state only.")])

    def ReadResource(self, request, context):
        return messages.State(diagnostics=[_error("No resource to read", "The stand-in plans against an empty state only.")])

    def StopProvider(self, request, context):
        return messages.StopResponse()

    def _without_answer(self, name: str) -> list:
        if name in self.answers:
            return []
        known = ", ".join(sorted(self.answers)) or "none"
        return [_error("Data source without an answer", f"The stand-in has no answer for {name}; it has for: {known}.")]

    def _with_defaults(self, block: dict, proposed: dict) -> dict:
        """What the AWS provider fills in from its own configuration, known when it plans."""
        attributes = block["attributes"]
        filled = {}
        if proposed.get("region") is None and attributes.get("region", {}).get("computed"):
            filled["region"] = self.region
        tags = proposed.get("tags")
        if proposed.get("tags_all") is None and "tags_all" in attributes and not is_unknown(tags):
            filled["tags_all"] = self.default_tags | (tags or {})
        return proposed | filled


class Server:
    """Providers by source address, each on a socket of its own in `folder`, while the context lasts."""

    def __init__(self, providers: dict[str, Provider], folder: Path):
        self.servers = []
        self.addresses = {}
        for index, (source, provider) in enumerate(sorted(providers.items())):
            server = grpc.server(ThreadPoolExecutor(max_workers=8))
            services.add_ProviderServicer_to_server(provider, server)
            socket = folder / f"provider{index}.sock"
            server.add_insecure_port(f"unix:{socket}")
            self.servers.append(server)
            self.addresses[source] = str(socket)

    def __enter__(self):
        for server in self.servers:
            server.start()
        return self

    def __exit__(self, *failure):
        for stopped in [server.stop(grace=None) for server in self.servers]:
            stopped.wait()

    def reattachment(self, process: int) -> str:
        """What TF_REATTACH_PROVIDERS holds, for Terraform to use these instead of downloading any."""
        return json.dumps({
            source: {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": process,
                "Test": True,
                "Addr": {"Network": "unix", "String": socket},
            }
            for source, socket in self.addresses.items()
        })


def _value(value):
    return messages.Value(msgpack=encode(value))


def _error(summary: str, detail: str):
    return messages.Diagnostic(severity=messages.Diagnostic.ERROR, summary=summary, detail=detail)


def _decided(schema: dict, config) -> list:
    return [
        _error("Value for an attribute that is no argument", f'No value can be given for "{path}": the provider decides it.')
        for path in planning.decided(schema["block"], decode(config.msgpack))
    ]


def _schema(schema: dict):
    return messages.Schema(version=schema.get("version", 0), block=_block(schema["block"]))


def _block(block: dict):
    return messages.Block(
        attributes=[_attribute(name, value) for name, value in sorted(block.get("attributes", {}).items())],
        block_types=[
            messages.NestedBlock(
                type_name=name,
                block=_block(value["block"]),
                nesting=_nesting(value["nesting_mode"]),
                min_items=value.get("min_items", 0),
                max_items=value.get("max_items", 0),
            )
            for name, value in sorted(block.get("block_types", {}).items())
        ],
    )


def _attribute(name: str, attribute: dict):
    flags = {flag: attribute.get(flag, False) for flag in ("required", "optional", "computed", "sensitive", "write_only")}
    nested = attribute.get("nested_type")
    if nested is None:
        return messages.Attribute(name=name, type=json.dumps(attribute["type"]).encode(), **flags)
    members = [_attribute(inner, value) for inner, value in sorted(nested["attributes"].items())]
    return messages.Attribute(name=name, nested_type=messages.Object(attributes=members, nesting=_nesting(nested["nesting_mode"])), **flags)


def _nesting(name: str) -> int:
    return messages.Nesting.Value(name.upper())
