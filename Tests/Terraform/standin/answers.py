"""What data sources answer: an account that there is not, in the region that the configuration names."""

ACCOUNT = "123456789012"
REGION = "eu-west-1"


def _partition(region: str) -> dict:
    if region.startswith("cn-"):
        return {"partition": "aws-cn", "dns_suffix": "amazonaws.com.cn", "reverse_dns_prefix": "cn.com.amazonaws"}
    if region.startswith("us-gov-"):
        return {"partition": "aws-us-gov", "dns_suffix": "amazonaws.com", "reverse_dns_prefix": "com.amazonaws"}
    return {"partition": "aws", "dns_suffix": "amazonaws.com", "reverse_dns_prefix": "com.amazonaws"}


def caller_identity(region: str, config: dict) -> dict:
    partition = _partition(region)["partition"]
    return {"id": ACCOUNT, "account_id": ACCOUNT, "user_id": "AIDACKCEVSQ6C2EXAMPLE", "arn": f"arn:{partition}:iam::{ACCOUNT}:user/checks"}


def partition(region: str, config: dict) -> dict:
    answer = _partition(region)
    return answer | {"id": answer["partition"]}


def region(region: str, config: dict) -> dict:
    name = config.get("region") or config.get("name") or region
    suffix = _partition(name)["dns_suffix"]
    return {"id": name, "name": name, "region": name, "description": f"A region named {name}", "endpoint": f"ec2.{name}.{suffix}"}


def availability_zones(region: str, config: dict) -> dict:
    region = config.get("region") or region
    short = "".join(word[0] if index else word for index, word in enumerate(region.split("-")[:-1])) + region.split("-")[-1]
    return {
        "id": region,
        "names": [region + letter for letter in "abc"],
        "zone_ids": [f"{short}-az{number}" for number in (1, 2, 3)],
        "group_names": [region],
    }


def secretsmanager_secret(region: str, config: dict) -> dict:
    arn = f"arn:{_partition(region)['partition']}:secretsmanager:{region}:{ACCOUNT}:secret:{config['name']}-AbCdEf"
    return {"id": arn, "arn": arn, "name": config["name"]}


def elastic_stack(region: str, config: dict) -> dict:
    return {"id": "9.2.1", "version": "9.2.1", "accessible": True}


# By data source. The functions take the provider's region and the data source's configuration.
AWS = {
    "aws_caller_identity": caller_identity,
    "aws_partition": partition,
    "aws_region": region,
    "aws_availability_zones": availability_zones,
    "aws_secretsmanager_secret": secretsmanager_secret,
}
# Those of providers whose schemas are written by hand.
OTHERS = {"ec_stack": elastic_stack}
