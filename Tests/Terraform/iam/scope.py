"""What each job touches, as ARNs: computed from lake.json, the root's variables and the plan's functions and mappings, without
a look at the policies or at how Terraform computes them."""

import json
from functools import cached_property

# The secret behind each variable of the environment that names one: the part of its name that is ours.
SECRETS = {
    "COINAPI_KEY_SECRET_ARN": "coinapi", "ALPACA_SECRET_ARN": "alpaca", "ELASTICSEARCH_API_KEY_SECRET_ARN": "elastic",
    "EDGE_MASTER_SECRET_SECRET_ARN": "device-master",
}


class Lake:
    """The lake that a plan deploys: its names, and what lake.json says of the part that is deployed."""

    def __init__(self, plan):
        self.plan = plan
        variables = {name: each.get("value") for name, each in plan.document.get("variables", {}).items()}
        self.region, self.kafka = variables["region"], variables.get("kafka") or {}
        self.prefix = f"{variables['name']}-{variables['environment']}"
        self.account, self.partition = self._known("aws_caller_identity", "account_id"), self._known("aws_partition", "partition")
        self.definition = json.loads(plan.file(variables["definition"]).read_text())
        lakes = variables.get("lakes")
        named = [table["name"] for table in self.definition["tables"]]
        self.tables = {
            table["name"]: table for table in self.definition["tables"]
            if lakes is None or table["name"].split(".")[0].removesuffix("_db") in {*lakes, "lake"}}
        self.views = [
            view["name"] for view in self.definition.get("views", [])
            if lakes is None or view["name"].split(".")[0].removesuffix("_db") in {*lakes, "lake"}]
        self.databases = [
            database["name"] for database in self.definition["databases"]
            if lakes is None or database["name"].removesuffix("_db") in {*lakes, "lake"}]
        self.streams = {stream["name"]: stream for stream in self.definition["streams"] if stream["table"] in self.tables}
        letters = self.definition.get("deadLetterTable", "lake_db.dead_letters")
        self.letters = [letters] if letters in named else []

    def _known(self, type_name: str, attribute: str) -> str:
        """What a data source of the root answered."""
        for resource in self.plan.document["prior_state"]["values"]["root_module"]["resources"]:
            if resource["mode"] == "data" and resource["type"] == type_name:
                return resource["values"][attribute]
        raise KeyError(f"the plan has no {type_name}")

    def arn(self, service: str, rest: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{rest}"

    def bucket(self, name: str) -> str:
        return f"arn:{self.partition}:s3:::{self.prefix}-{name}-{self.account}-{self.region}"

    def of_kind(self, kind: str) -> list[dict]:
        """The streams whose source is of a kind: kinesis or kafka."""
        return [stream for stream in self.streams.values() if stream["source"]["kind"] == kind]


class Scope:
    """What one job touches. The methods without an underscore and parameters are the kinds of resources of actions.py."""

    # A job that calls for one of these touches one: an empty answer is a mistake here. Of tables it may have others than
    # the call is for, such as none of Iceberg.
    _NEVER_EMPTY = {"streams_written", "alert_topic", "itself", "definition"}
    _OF_TABLES = {"files", "buckets", "tables_read", "tables_changed"}

    def __init__(self, lake: Lake, job: str, function):
        self._lake, self._job, self._function = lake, job, function
        environments = function["environment"] or [{}]
        self.environment = environments[0].get("variables") or {}
        unknown = (function.unknown.get("environment") or [{}])[0]
        hidden = unknown.get("variables") if isinstance(unknown, dict) else None
        # Names of variables, those whose values are known only after apply too.
        self._variables = set(self.environment) | set(hidden if isinstance(hidden, dict) else [])

    def __call__(self, kind: str) -> list[str]:
        return sorted(set(getattr(self, kind)()))

    def must_know(self, kind: str) -> bool:
        """Whether a job that calls for resources of a kind must have some."""
        return kind in self._NEVER_EMPTY or kind in self._OF_TABLES and not self._tables

    # Tables

    @cached_property
    def _tables(self) -> list[str]:
        lake = self._lake
        mine = {
            "bootstrap-tables": lambda: list(lake.tables),
            "optimize-tables": lambda: list(lake.tables),
            "detect-anomalies": lambda: [stream["alerts"]["table"] for stream in lake.of_kind("kinesis") if "alerts" in stream],
            "kafka-elastic": lambda: lake.letters,
            "kafka-ingest": lambda: self._filled("kafka"),
            "kinesis-ingest": lambda: self._filled("kinesis"),
            "refresh-assets": lambda: [lake.definition["assets"]["table"]],
        }.get(self._job, list)()
        return sorted({name for name in mine if name in lake.tables})

    def _filled(self, kind: str) -> list[str]:
        """Tables of streams, and the one of dead letters if a stream puts some there."""
        streams = self._lake.of_kind(kind)
        letters = self._lake.letters if any(each.get("onBadRecord", "dead-letter") == "dead-letter" for each in streams) else []
        return [stream["table"] for stream in streams] + letters

    def _plain(self, name: str) -> bool:
        return self._lake.tables.get(name, {}).get("format", "iceberg") == "parquet"

    def _iceberg(self) -> list[str]:
        return [name for name in self._tables if not self._plain(name)]

    def _glue(self, names: list[str]) -> list[str]:
        """Tables or views in Glue, with what stands above them."""
        if not names:
            return []
        of_databases = [f"database/{name.split('.')[0]}" for name in names]
        of_tables = [f"table/{name.replace('.', '/')}" for name in names]
        return [self._lake.arn("glue", each) for each in ["catalog", *of_databases, *of_tables]]

    def _folders(self) -> list[str]:
        """Folders of the files of tables, as ARNs. Only streams put files of plain tables."""
        folders = []
        for name in self._iceberg() if self._job in ("bootstrap-tables", "optimize-tables") else self._tables:
            table = self._lake.tables[name]
            layer = self._lake.bucket(table.get("layer", "bronze")) + "/warehouse"
            warehouse = table["warehouse"].rstrip("/") if "warehouse" in table else layer
            folders.append(f"{warehouse}/{name.replace('.', '/')}")
            properties = table.get("properties", {})
            folders += [properties[key].rstrip("/") for key in ("write.data.path", "write.metadata.path") if key in properties]
        return [folder.replace("s3://", f"arn:{self._lake.partition}:s3:::") for folder in folders]

    def files(self):
        return [f"{folder}/*" for folder in self._folders()]

    def buckets(self):
        return [folder.split("/")[0] for folder in self._folders()]

    def definition(self):
        return [self._lake.bucket("artefacts") + "/definitions/*"]

    def tables_read(self):
        if self._job == "bootstrap-tables":
            return self.tables_changed()
        return self._glue(self._iceberg() + (self._tables if self._job == "kinesis-ingest" else []))

    def tables_changed(self):
        """Views and plain tables are changed only where they are made."""
        return self._glue(self._tables + self._lake.views if self._job == "bootstrap-tables" else self._iceberg())

    def plain_tables(self):
        return self._glue([name for name in self._tables if self._plain(name)])

    def all_databases(self):
        return [self._lake.arn("glue", "catalog"), self._lake.arn("glue", "database/*")]

    def all_tables(self):
        return [self._lake.arn("glue", "catalog")] + [
            self._lake.arn("glue", each) for name in self._lake.databases for each in (f"database/{name}", f"table/{name}/*")]

    def databases(self):
        names = self._tables + (self._lake.views if self._job == "bootstrap-tables" else [])
        return [each for each in self._glue(names) if ":table/" not in each] if self.workgroup() else []

    def default_database(self):
        return [self._lake.arn("glue", each) for each in ("catalog", "database/default")] if self.workgroup() else []

    def workgroup(self):
        asks = self._lake.views if self._job == "bootstrap-tables" else self._iceberg()
        return [self._lake.arn("athena", f"workgroup/{self._lake.prefix}")] if asks else []

    def results(self):
        return [self._lake.bucket("artefacts") + "/athena-results/*"] if self.workgroup() else []

    def results_bucket(self):
        return [self._lake.bucket("artefacts")] if self.workgroup() else []

    # Streams and topics

    def _stream(self, stream: dict) -> str:
        return stream["source"].get("arn") or self._lake.arn("kinesis", f"stream/{stream['source']['name']}")

    def _streams_written(self) -> list[dict]:
        streams = self._lake.of_kind("kinesis")
        if self._job == "edge-gateway":
            wanted = self.environment.get("EDGE_STREAM")
            return [each for each in streams if "gateway" in each and wanted in (None, each["name"])]
        named = [each for each in streams if each["name"] == "sensor-readings"]
        return (named or streams[:1]) if self._job == "simulate-sensors" else []

    def streams_written(self):
        return [self._stream(stream) for stream in self._streams_written()]

    def key_of_streams_written(self):
        return self._key("streams") if any("arn" not in stream["source"] for stream in self._streams_written()) else []

    def streams_read(self):
        return [mapping["event_source_arn"] for mapping in self.mappings("kinesis")]

    def key_of_streams_read(self):
        own = {self._stream(stream) for stream in self._lake.of_kind("kinesis") if "arn" not in stream["source"]}
        return self._key("streams") if own & set(self.streams_read()) else []

    def given_up(self):
        return [self._lake.bucket("artefacts") + "/aws/lambda/*"] if self.mappings("kinesis") else []

    def given_up_bucket(self):
        return [self._lake.bucket("artefacts")] if self.mappings("kinesis") else []

    def given_up_key(self):
        return self._key("data") if self.mappings("kinesis") else []

    def mappings(self, kind: str) -> list:
        """The mappings of this function; those of topics name topics."""
        return [
            each for each in self._lake.plan.of_type("aws_lambda_event_source_mapping")
            if each["function_name"] == self._function["function_name"] and bool(each["topics"]) == (kind == "kafka")]

    def cluster(self):
        existing = self._lake.kafka.get("existing")
        return [existing["cluster_arn"] if existing else self._lake.arn("kafka", f"cluster/{self._lake.prefix}/*")]

    def _of_cluster(self, what: str, names: list[str]) -> list[str]:
        return [f"{self.cluster()[0].replace(':cluster/', f':{what}/')}/{name}" for name in names]

    def topics_read(self):
        return self._of_cluster("topic", [topic for mapping in self.mappings("kafka") for topic in mapping["topics"]])

    def groups(self):
        return self._of_cluster("group", [
            mapping["amazon_managed_kafka_event_source_config"][0]["consumer_group_id"] for mapping in self.mappings("kafka")])

    def topics_made(self):
        return self._of_cluster("topic", [stream["source"]["topic"] for stream in self._lake.of_kind("kafka")])

    def topics_written(self):
        wanted = {
            "poll-quotes": self._lake.definition.get("quotes", {}).get("stream"), "simulate-trades": "coinbase-trades"}[self._job]
        return self._of_cluster("topic", [self._lake.streams[wanted]["source"]["topic"]])

    # The rest

    def _key(self, alias: str) -> list[str]:
        return [f"{self._lake.arn('kms', 'key/*')} named alias/{self._lake.prefix}-{alias}"]

    def data_key(self):
        return self._key("data")

    def files_key(self):
        return self._key("data") if self.files() else []

    def results_key(self):
        return self._key("data") if self.results() else []

    def operations_key(self):
        return self._key("operations")

    def secrets_key(self):
        return self._key("secrets") if self.secrets() else []

    def secrets(self):
        own = [
            self._lake.arn("secretsmanager", f"secret:{self._lake.prefix}/{SECRETS[name]}-??????")
            for name in self._variables if name in SECRETS and name not in self.environment]
        return own + [value for name, value in self.environment.items() if name.endswith("_SECRET_ARN") and value]

    def alert_topic(self):
        return [self._lake.arn("sns", f"{self._lake.prefix}-alerts")]

    def itself(self):
        return [self._lake.arn("lambda", f"function:{self._function['function_name']}")]

    def failure_queue(self):
        return [self._lake.arn("sqs", f"{self._function['function_name']}-failures")]

    def log_streams(self):
        return [self._lake.arn("logs", f"log-group:/aws/lambda/{self._function['function_name']}:*")]

    def interfaces(self):
        return [self._lake.arn("ec2", "*/*")]

    def everything(self):
        return ["*"]
