"""A lake that is not deployed leaves nothing of its own behind: without topics there is no Kafka and no network."""

import json

import pytest
from terraform_plans import planned

OBJECT = "module.storage.aws_s3_object.definition"


@pytest.fixture(scope="module")
def both():
    return planned()


NETWORK = (
    "aws_msk",
    "aws_vpc",
    "aws_subnet",
    "aws_nat_gateway",
    "aws_eip",
    "aws_internet_gateway",
    "aws_route",
    "aws_security_group",
    "aws_default_security_group",
    "aws_flow_log",
    "aws_appautoscaling",
)


def test_a_lake_that_is_not_deployed_leaves_no_network_behind(both):
    assert [resource for resource in both.resources if resource.type.startswith(NETWORK)]
    after = planned(lakes=["iot"])
    assert [resource.address for resource in after.resources if resource.type.startswith(NETWORK)] == []
    text = json.dumps([resource.values for resource in after.resources if resource.address != OBJECT])
    for word in ("crypto_db", "coinbase", "kafka-cluster:", "VPCAccess", "CreateNetworkInterface"):
        assert word not in text, word
    assert not [resource for resource in after.of_type("aws_lambda_function") if resource["vpc_config"]]
    assert after.outputs["kafka"] is None and set(after.outputs["streams"]) == {"sensor-readings"}
    print(f"{len(both.resources)} resources with both lakes, {len(after.resources)} with iot alone")


def test_a_lake_of_topics_alone_has_no_streams(both):
    after = planned(lakes=["crypto"])
    assert after.of_type("aws_kinesis_stream", "aws_apigatewayv2_api") == []
    assert "sensor-readings" not in json.dumps([resource.values for resource in after.resources if resource.address != OBJECT])
    assert after.of_type("aws_msk_cluster")
