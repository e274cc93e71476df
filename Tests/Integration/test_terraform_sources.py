"""What Terraform plans between streams and functions: mappings, Kinesis, Kafka, and the network around it."""

import ipaddress
import json
import sys
import zipfile
from pathlib import Path

import pytest
from support import ROOT

sys.path.insert(0, str(ROOT / "Tests" / "Terraform"))
from plan import Rejected, plan  # noqa: E402 - the runner lies beside the other checks of terraform/

MODULES = ROOT / "terraform" / "modules"
TAGS = {"owner": "tests", "environment": "dev"}
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
CLUSTER = "arn:aws:kafka:eu-west-1:123456789012:cluster/bank/11111111-2222-3333-4444-555555555555-6"
EXISTING = {
    "cluster_arn": CLUSTER,
    "bootstrap_servers": "b-1.bank.kafka.eu-west-1.amazonaws.com:9098",
    "vpc_id": "vpc-1",
    "subnet_ids": ["subnet-1", "subnet-2"],
    "security_group_id": "sg-1",
}


def refusal(asked, *arguments, **given) -> str:
    """Terraform's words where it refuses, without its line breaks."""
    with pytest.raises(Rejected) as refused:
        asked(*arguments, **given)
    return " ".join(str(refused.value).split())


# Mappings


def mappings(hours: int = 24, pollers: dict | None = None):
    batches = {"batch_size": 10000, "window_seconds": 60}
    return plan(
        MODULES / "mappings",
        {
            "kinesis": {
                "ingest.readings": batches
                | {
                    "function_name": "ingest",
                    "stream_arn": "arn:aws:kinesis:eu-west-1:123456789012:stream/readings",
                    "failures_bucket": "arn:aws:s3:::failures",
                    "retention_hours": hours,
                }
            },
            "kafka": {"ingest.trades": batches | {"function_name": "ingest", "cluster_arn": CLUSTER, "topic": "trades", "consumer_group": "ingest.trades"}},
            "provisioned_pollers": pollers,
            "tags": TAGS,
        },
    )


@pytest.mark.parametrize("hours, seconds", [(24, 23 * 3600), (48, 47 * 3600), (169, 604800), (170, -1), (8760, -1)])
def test_records_of_kinesis_are_given_up_an_hour_before_the_stream_loses_them(hours, seconds):
    mapping = mappings(hours)['aws_lambda_event_source_mapping.kinesis["ingest.readings"]']
    assert mapping["maximum_record_age_in_seconds"] == seconds
    assert mapping["maximum_retry_attempts"] == -1


def test_a_shard_is_read_in_order_and_what_is_given_up_is_kept_whole():
    mapping = mappings()['aws_lambda_event_source_mapping.kinesis["ingest.readings"]']
    assert mapping["parallelization_factor"] == 1
    assert mapping["starting_position"] == "TRIM_HORIZON"
    assert mapping["function_response_types"] == ["ReportBatchItemFailures"]
    assert mapping["bisect_batch_on_function_error"] is True
    assert mapping["destination_config"] == [{"on_failure": [{"destination_arn": "arn:aws:s3:::failures"}]}]


@pytest.mark.parametrize("pollers", [None, {"minimum": 1, "maximum": 3}])
def test_no_mapping_of_kafka_ever_gives_up(pollers):
    mapping = mappings(pollers=pollers)['aws_lambda_event_source_mapping.kafka["ingest.trades"]']
    assert not mapping["destination_config"]
    for bound in ("maximum_retry_attempts", "maximum_record_age_in_seconds", "bisect_batch_on_function_error"):
        assert mapping[bound] is None
    assert mapping["topics"] == ["trades"] and mapping["starting_position"] == "TRIM_HORIZON"
    assert mapping["amazon_managed_kafka_event_source_config"][0]["consumer_group_id"] == "ingest.trades"
    # Only provisioned pollers understand which records a reply names.
    assert mapping["function_response_types"] == (["ReportBatchItemFailures"] if pollers else None)
    assert bool(mapping["provisioned_poller_config"]) == bool(pollers)


# Streams


def streams(kafka: dict | None = None, **kinesis):
    kafka = None if kafka is None else {
        "mode": "provisioned",
        "cluster_name": "lake",
        "version": "3.9.x.kraft",
        "instance_type": "kafka.m7g.large",
        "volume_gb": 100,
        "volume_max_gb": 500,
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-1", "subnet-2", "subnet-3"],
        "client_group_ids": {"functions": "sg-functions"},
        "calls_endpoints": True,
        "endpoints_group_id": "sg-endpoints",
        "log_group": "/aws/msk/lake",
        "log_key_arn": KEY,
        "log_retention_days": 365,
        **kafka,
    }
    given = {"kinesis": {"readings": {"name": "sensor-readings", "shards": 2}}, "on_demand": False, "retention_hours": 24, **kinesis}
    return plan(MODULES / "streams", {**given, "key_arn": KEY, "kafka": kafka, "tags": TAGS})


def test_a_kinesis_stream_has_the_name_that_the_definition_gives_it_and_is_encrypted():
    stream = streams()['aws_kinesis_stream.this["readings"]']
    assert (stream["name"], stream["shard_count"], stream["retention_period"]) == ("sensor-readings", 2, 24)
    assert (stream["encryption_type"], stream["kms_key_id"]) == ("KMS", KEY)
    assert stream["stream_mode_details"] == [{"stream_mode": "PROVISIONED"}]


def test_on_demand_streams_choose_their_shards():
    stream = streams(on_demand=True, retention_hours=8760)['aws_kinesis_stream.this["readings"]']
    assert stream["stream_mode_details"] == [{"stream_mode": "ON_DEMAND"}] and stream["shard_count"] is None


def test_without_topics_there_is_no_cluster():
    made = streams()
    assert {resource.type for resource in made.resources} == {"aws_kinesis_stream"}
    assert (made.outputs["cluster_arn"], made.outputs["bootstrap_servers"]) == ("", "")


def test_brokers_take_iam_over_tls_alone_and_lose_no_acknowledged_record():
    made = streams({})
    cluster = made["aws_msk_cluster.this[0]"]
    (access,) = cluster["client_authentication"]
    assert access["unauthenticated"] is False and access["sasl"] == [{"iam": True, "scram": False}] and not access["tls"]
    (encryption,) = cluster["encryption_info"]
    assert encryption["encryption_at_rest_kms_key_arn"] == KEY
    assert encryption["encryption_in_transit"] == [{"client_broker": "TLS", "in_cluster": True}]
    (nodes,) = cluster["broker_node_group_info"]
    assert cluster["number_of_broker_nodes"] == 3 and len(nodes["client_subnets"]) == 3
    assert nodes["connectivity_info"][0]["public_access"] == [{"type": "DISABLED"}]
    properties = dict(line.split("=") for line in made["aws_msk_configuration.this[0]"]["server_properties"].split())
    assert properties == {
        "auto.create.topics.enable": "false",
        "default.replication.factor": "3",
        "min.insync.replicas": "2",
        "unclean.leader.election.enable": "false",
    }
    growing = made["aws_appautoscaling_target.volume[0]"]
    assert (growing["scalable_dimension"], growing["max_capacity"]) == ("kafka:broker-storage:VolumeSize", 500)
    logs = made["aws_cloudwatch_log_group.brokers[0]"]
    assert (logs["name"], logs["kms_key_id"], logs["retention_in_days"]) == ("/aws/msk/lake", KEY, 365)


def test_a_serverless_cluster_takes_iam():
    made = streams({"mode": "serverless"})
    cluster = made["aws_msk_serverless_cluster.this[0]"]
    assert cluster["client_authentication"] == [{"sasl": [{"iam": [{"enabled": True}]}]}]
    assert len(cluster["vpc_config"][0]["subnet_ids"]) == 3
    assert not made.of_type("aws_msk_cluster", "aws_msk_configuration", "aws_cloudwatch_log_group")


def test_an_existing_cluster_is_passed_on_and_left_alone():
    made = streams({"mode": "existing", "existing": EXISTING})
    assert {resource.type for resource in made.resources} == {"aws_kinesis_stream"}
    assert made.outputs["cluster_arn"] == CLUSTER
    assert made.outputs["bootstrap_servers"] == EXISTING["bootstrap_servers"]


@pytest.mark.parametrize("calls_endpoints", [True, False])
def test_brokers_are_reached_on_their_port_by_functions_and_mappings_only(calls_endpoints):
    made = streams({"calls_endpoints": calls_endpoints})
    ingress = made.of_type("aws_vpc_security_group_ingress_rule")
    egress = made.of_type("aws_vpc_security_group_egress_rule")
    assert {(rule.name, rule["from_port"], rule["to_port"]) for rule in ingress} == (
        {("cluster_clients", 9098, 9098), ("cluster_itself", 9098, 9098)} | ({("endpoints_cluster", 443, 443)} if calls_endpoints else set())
    )
    assert {(rule.name, rule["from_port"], rule["to_port"]) for rule in egress} == (
        {("clients_cluster", 9098, 9098), ("cluster_itself", 9098, 9098)} | ({("cluster_endpoints", 443, 443)} if calls_endpoints else set())
    )
    assert all(rule["cidr_ipv4"] is None and rule["description"] for rule in ingress + egress)


@pytest.mark.parametrize(
    "kafka, kinesis, words",
    [
        ({"instance_type": "kafka.t3.small"}, {}, "kafka.m7g.large or larger"),
        ({"instance_type": "m7g.large"}, {}, "such as kafka.m7g.large"),
        ({"version": "3.9"}, {}, "such as 3.9.x.kraft"),
        ({"volume_max_gb": 50}, {}, "the second no smaller"),
        (None, {"retention_hours": 12}, "from 24 (a day)"),
        (None, {"kinesis": {"a": {"name": "same", "shards": 1}, "b": {"name": "same", "shards": 1}}}, "the same Kinesis stream"),
    ],
)
def test_wrong_settings_of_streams_are_refused_with_what_would_be_right(kafka, kinesis, words):
    assert words in refusal(streams, kafka, **kinesis)


# Network


def network(**given):
    defaults = {
        "prefix": "lake-dev",
        "region": "eu-west-1",
        "account": "123456789012",
        "partition": "aws",
        "cidr": "10.42.0.0/20",
        "needs_internet": False,
        "endpoints": {"sts": {"actions": ["sts:AssumeRole"], "resources": ["arn:aws:iam::123456789012:role/one"]}},
        "s3_objects": ["arn:aws:s3:::artefacts/definitions/*"],
        "key_arn": KEY,
        "log_retention_days": 365,
        "tags": TAGS,
    }
    return plan(MODULES / "network", defaults | given)


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.42.0.0/20", "192.168.7.0/24"])
def test_private_subnets_lie_in_three_zones_and_none_overlaps_another(cidr):
    made = network(cidr=cidr, needs_internet=True, nat_gateway_per_zone=True)
    subnets = made.of_type("aws_subnet")
    private = [subnet for subnet in subnets if subnet.name == "private"]
    assert len({subnet["availability_zone"] for subnet in private}) == 3
    ranges = [ipaddress.ip_network(subnet["cidr_block"]) for subnet in subnets]
    assert len(ranges) == 6 and all(part.subnet_of(ipaddress.ip_network(cidr)) for part in ranges)
    assert not any(one.overlaps(other) for number, one in enumerate(ranges) for other in ranges[number + 1 :])
    # AWS makes no subnet smaller than this.
    assert all(part.prefixlen <= 28 for part in ranges)


def test_nothing_leads_to_the_internet_unless_a_job_needs_it():
    made = network()
    assert not made.of_type("aws_nat_gateway", "aws_internet_gateway", "aws_eip", "aws_route")
    assert all(subnet.name == "private" for subnet in made.of_type("aws_subnet"))
    assert all(rule["cidr_ipv4"] is None for rule in made.of_type("aws_vpc_security_group_egress_rule"))


@pytest.mark.parametrize("per_zone, gateways", [(False, 1), (True, 3)])
def test_one_nat_gateway_serves_every_zone_or_each_has_its_own(per_zone, gateways):
    made = network(needs_internet=True, nat_gateway_per_zone=per_zone)
    assert len(made.of_type("aws_nat_gateway")) == gateways
    assert len([route for route in made.of_type("aws_route") if route.name == "private"]) == 3
    assert all(subnet["map_public_ip_on_launch"] is False for subnet in made.of_type("aws_subnet") if subnet.name == "public")
    (outward,) = [rule for rule in made.of_type("aws_vpc_security_group_egress_rule") if rule["cidr_ipv4"]]
    assert (outward.name, outward["from_port"], outward["to_port"]) == ("internet", 443, 443)


def test_zones_may_be_named():
    zones = ["eu-west-1c", "eu-west-1a", "eu-west-1b"]
    made = network(zones=zones)
    subnets = {made[f'aws_subnet.private["{zone}"]']["cidr_block"]: zone for zone in zones}
    assert [subnets[cidr] for cidr in sorted(subnets, key=ipaddress.ip_network)] == zones
    assert all(subnet["availability_zone"] == subnet.index for subnet in made.of_type("aws_subnet"))


def test_endpoints_let_through_what_they_are_there_for():
    made = network()
    (sts,) = [json.loads(made['aws_vpc_endpoint.interface["sts"]']["policy"])["Statement"]]
    assert [(one["Action"], one["Resource"]) for one in sts] == [(["sts:AssumeRole"], ["arn:aws:iam::123456789012:role/one"])]
    (s3,) = [json.loads(made["aws_vpc_endpoint.s3"]["policy"])["Statement"]]
    assert [(one["Action"], one["Resource"]) for one in s3] == [(["s3:GetObject"], ["arn:aws:s3:::artefacts/definitions/*"])]
    assert made['aws_vpc_endpoint.interface["sts"]']["private_dns_enabled"] is True


def test_the_default_group_is_closed_and_traffic_is_logged():
    made = network()
    closed = made["aws_default_security_group.this"]
    assert not closed["ingress"] and not closed["egress"]
    assert made["aws_flow_log.this"]["traffic_type"] == "ALL"
    assert made["aws_cloudwatch_log_group.flow"]["kms_key_id"] == KEY


@pytest.mark.parametrize(
    "given, words",
    [
        ({"cidr": "10.0.0.0/28"}, "from /16 to /24"),
        ({"cidr": "10.0.0.0"}, "from /16 to /24"),
        ({"zones": ["eu-west-1a"]}, "three different zones"),
        ({"endpoints": {"s3": {"actions": [], "resources": []}}}, "S3 always has its own"),
    ],
)
def test_wrong_settings_of_the_network_are_refused_with_what_would_be_right(given, words):
    assert words in refusal(network, **given)


# The root


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """Zips of a few bytes: what is in them is no matter of these tests."""
    folder = tmp_path_factory.mktemp("dist")
    for job in (ROOT / "lambdas").iterdir():
        if job.is_dir():
            with zipfile.ZipFile(folder / f"{job.name}.zip", "w") as package:
                package.writestr("bootstrap", job.name)
    return folder


@pytest.fixture(scope="module")
def lake(packages, tmp_path_factory):
    """Plans the root with lake.json as it is, or changed by a function."""

    def planned(change=None, **variables):
        definition = json.loads((ROOT / "lake.json").read_text())
        if change:
            change(definition)
        path = tmp_path_factory.mktemp("lake") / "lake.json"
        path.write_text(json.dumps(definition))
        given = {"alarm_email": "a@example.com", "packages": str(packages), "definition": str(path)}
        return plan(ROOT / "terraform", given | variables)

    return planned


@pytest.fixture(scope="module")
def whole(lake):
    """The plan with nothing changed."""
    return lake()


def endpoints(made) -> set[str]:
    return {resource.index for resource in made.of_type("aws_vpc_endpoint") if resource.name == "interface"}


def test_endpoints_are_all_there_or_those_that_something_calls(lake, whole):
    assert endpoints(whole) == {"glue", "lambda", "secretsmanager", "sts"}
    called = {"endpoints": []}
    assert endpoints(lake(lakes=["crypto"], network=called)) == {"lambda", "sts"}
    assert endpoints(lake(lakes=["crypto"], network=called, kafka={"provisioned_pollers": {}}, alpaca_key=True)) == {"secretsmanager"}
    assert not lake(lakes=["iot"]).of_type("aws_vpc", "aws_nat_gateway", "aws_vpc_endpoint")


def test_a_mapping_goes_by_its_own_settings_then_by_those_of_its_job(lake):
    made = lake(mappings={"kafka-ingest": {"window_seconds": 10}, "kafka-ingest.coinbase-trades": {"batch_size": 500, "enabled": False}})
    found = {
        resource.index: (resource["batch_size"], resource["maximum_batching_window_in_seconds"], resource["enabled"])
        for resource in made.of_type("aws_lambda_event_source_mapping")
    }
    assert found == {
        "detect-anomalies.sensor-readings": (10000, 5, True),
        "kafka-ingest.coinbase-currencies": (10000, 10, True),
        "kafka-ingest.coinbase-trades": (500, 10, False),
        "kinesis-ingest.sensor-readings": (10000, 60, True),
    }


def test_a_stream_of_somebody_else_is_read_as_if_it_kept_records_for_a_day(lake):
    def change(definition):
        definition["streams"][0]["source"] = {"kind": "kinesis", "arn": "arn:aws:kinesis:eu-west-1:210987654321:stream/theirs"}

    made = lake(change, lakes=["iot"], kinesis={"retention_hours": 168})
    assert not made.of_type("aws_kinesis_stream")
    ages = {resource["maximum_record_age_in_seconds"] for resource in made.of_type("aws_lambda_event_source_mapping")}
    assert ages == {23 * 3600}


def test_personal_data_of_a_table_is_a_tag_of_its_stream(whole):
    assert whole["module.streams.aws_msk_cluster.this[0]"]["tags"]["classification"] == "personal-data"
    assert whole['module.streams.aws_kinesis_stream.this["sensor-readings"]']["tags"]["classification"] == "internal"


def test_one_apply_serves_one_cluster(lake):
    def naming(*clusters):
        def change(definition):
            for stream, cluster in zip(definition["streams"][1:], clusters, strict=True):
                stream["source"]["cluster"] = cluster

        return change

    lake(naming(CLUSTER, EXISTING["bootstrap_servers"]), lakes=["crypto"], kafka={"mode": "existing", "existing": EXISTING})
    made_here = CLUSTER.replace("/bank/", "/swiftlake-dev/")
    lake(naming(made_here, made_here), lakes=["crypto"])
    refused = refusal(lake, naming(CLUSTER, made_here), lakes=["crypto"])
    assert "another Kafka cluster than this lake's: coinbase-currencies" in refused and "coinbase-trades" not in refused


def test_streams_and_mappings_that_there_are_not_are_refused(lake):
    def elsewhere(definition):
        definition["streams"][0]["source"] = {"kind": "kinesis", "arn": "arn:aws:kinesis:us-east-1:123456789012:stream/far"}

    assert "Lambda reads streams of its own region" in refusal(lake, elsewhere, lakes=["iot"])
    unknown = refusal(lake, lakes=["iot"], mappings={"kinesis-ingest.nothing": {"enabled": False}})
    assert "there are no such mappings: kinesis-ingest.nothing" in unknown
