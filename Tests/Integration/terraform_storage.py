"""How keys, buckets, secrets, databases and the workgroup of a plan are made in moto."""

import base64
import hashlib
import json
from pathlib import Path

from terraform_resources import Making, makes


@makes("aws_kms_key", order=10)
def key(it: Making):
    sent = it.given(
        "deletion_window_in_days", "enable_key_rotation", "rotation_period_in_days", customer_master_key_spec="KeySpec"
    )
    kms = it.client("kms")
    id = it.call("kms", "create_key", sent)["KeyMetadata"]["KeyId"]
    if it.get("enable_key_rotation"):
        period = it.get("rotation_period_in_days")
        kms.enable_key_rotation(KeyId=id, **({"RotationPeriodInDays": period} if period else {}))
    found = kms.describe_key(KeyId=id)["KeyMetadata"]
    rotation = kms.get_key_rotation_status(KeyId=id)
    it.found(
        description=found["Description"],
        enable_key_rotation=rotation["KeyRotationEnabled"],
        rotation_period_in_days=rotation.get("RotationPeriodInDays"),
        policy=kms.get_key_policy(KeyId=id, PolicyName="default")["Policy"],
        tags={tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=id)["Tags"]},
        key_usage=found.get("KeyUsage"),
        customer_master_key_spec=found.get("KeySpec"),
    )
    it.left("said when a key is deleted", "deletion_window_in_days")
    it.made(arn=found["Arn"], id=id, key_id=id)


@makes("aws_kms_alias", order=11)
def alias(it: Making):
    kms = it.client("kms")
    kms.create_alias(AliasName=it["name"], TargetKeyId=it["target_key_id"])
    (found,) = [one for one in kms.list_aliases(KeyId=it["target_key_id"])["Aliases"] if one["AliasName"] == it["name"]]
    it.found(name=found["AliasName"], target_key_id=found["TargetKeyId"])
    it.made(arn=found["AliasArn"], id=it["name"], target_key_arn=kms.describe_key(KeyId=it["name"])["KeyMetadata"]["Arn"])


@makes("aws_s3_bucket", order=12)
def bucket(it: Making):
    s3, name = it.client("s3"), it["bucket"]
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    if it.get("tags"):
        tags = [{"Key": key, "Value": value} for key, value in it["tags"].items()]
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
        it.found(tags=s3.get_bucket_tagging(Bucket=name)["TagSet"])
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == s3.meta.region_name
    it.found(bucket=next(one["Name"] for one in s3.list_buckets()["Buckets"] if one["Name"] == name))
    it.left("the provider's own: whether destroying empties the bucket", "force_destroy")
    host = f"{name}.s3.{s3.meta.region_name}.amazonaws.com"
    it.made(
        id=name, arn=f"arn:aws:s3:::{name}", bucket_regional_domain_name=host, bucket_domain_name=f"{name}.s3.amazonaws.com"
    )


@makes("aws_s3_bucket_versioning", order=13)
def versioning(it: Making):
    s3, name, block = it.client("s3"), it["bucket"], it.block("versioning_configuration")
    it.call("s3", "put_bucket_versioning", {"bucket": name, "versioning_configuration": block})
    it.found(bucket=name, versioning_configuration={"Status": s3.get_bucket_versioning(Bucket=name)["Status"]})
    it.made(id=name, bucket=name)


@makes("aws_s3_bucket_server_side_encryption_configuration", order=14)
def encryption(it: Making):
    s3, name, rules, blocked = it.client("s3"), it["bucket"], [], []
    known = {"apply_server_side_encryption_by_default", "bucket_key_enabled", "blocked_encryption_types"}
    for rule in it["rule"]:
        assert not {argument for argument, value in rule.items() if value} - known, rule
        (default,) = rule["apply_server_side_encryption_by_default"]
        chosen = {"SSEAlgorithm": default["sse_algorithm"], "KMSMasterKeyID": default.get("kms_master_key_id")}
        rules.append({
            "ApplyServerSideEncryptionByDefault": {name: value for name, value in chosen.items() if value},
            "BucketKeyEnabled": bool(rule.get("bucket_key_enabled")),
        })  # fmt: skip
        types = rule.get("blocked_encryption_types")
        blocked.append({"BlockedEncryptionTypes": {"EncryptionType": types}} if types else {})
    sent = [rule | types for rule, types in zip(rules, blocked, strict=True)]
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": sent})
    found = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    it.found(bucket=name)
    it.kept("rule", rules, found)
    if any(blocked):
        it.left("moto takes a rule's blocked encryption types, and does not keep them", "rule")
    it.made(id=name)


@makes("aws_s3_bucket_public_access_block", order=14)
def public_access_block(it: Making):
    s3, name = it.client("s3"), it["bucket"]
    flags = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
    sent = {flag: it[flag] for flag in flags}
    it.call("s3", "put_public_access_block", {"bucket": name, "public_access_block_configuration": sent})
    found = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    spelled = {flag.replace("_", "").lower(): flag for flag in flags}
    it.found(bucket=name, **{spelled[key.lower()]: value for key, value in found.items()})
    it.made(id=name)


@makes("aws_s3_bucket_policy", order=70)
def bucket_policy(it: Making):
    """After objects and functions: from then on the bucket refuses what comes without TLS, as these checks do."""
    s3, name = it.client("s3"), it["bucket"]
    s3.put_bucket_policy(Bucket=name, Policy=it["policy"])
    it.found(bucket=name, policy=s3.get_bucket_policy(Bucket=name)["Policy"])


@makes("aws_s3_bucket_ownership_controls", order=13)
def ownership(it: Making):
    s3, name = it.client("s3"), it["bucket"]
    it.call("s3", "put_bucket_ownership_controls", {"bucket": name, "ownership_controls": {"rules": it["rule"]}})
    it.found(bucket=name, rule=s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"])
    it.made(id=name)


@makes("aws_s3_bucket_lifecycle_configuration", order=15)
def lifecycle(it: Making):
    s3, name = it.client("s3"), it["bucket"]
    rules = [_lifecycle_rule(rule) for rule in it["rule"]]
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    found = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    it.found(bucket=name)
    it.kept("rule", rules, found)
    it.left("a default of S3 since 2024, which moto does not know", "transition_default_minimum_object_size")


def _lifecycle_rule(rule: dict) -> dict:
    """A rule in S3's own spelling, which has no regular relation to Terraform's."""
    names = {
        "days": "Days", "date": "Date", "expired_object_delete_marker": "ExpiredObjectDeleteMarker",
        "noncurrent_days": "NoncurrentDays", "newer_noncurrent_versions": "NewerNoncurrentVersions",
        "days_after_initiation": "DaysAfterInitiation", "storage_class": "StorageClass", "prefix": "Prefix",
        "object_size_greater_than": "ObjectSizeGreaterThan", "object_size_less_than": "ObjectSizeLessThan",
    }  # fmt: skip
    blocks = {
        "expiration": "Expiration", "noncurrent_version_expiration": "NoncurrentVersionExpiration",
        "abort_incomplete_multipart_upload": "AbortIncompleteMultipartUpload",
    }  # fmt: skip
    lists = {"transition": "Transitions", "noncurrent_version_transition": "NoncurrentVersionTransitions"}

    def spelled(block: dict) -> dict:
        numbers = {names[name]: value for name, value in block.items() if value not in (None, "", [])}
        return {name: int(value) if str(value).isdigit() else value for name, value in numbers.items()}

    made = {"ID": rule["id"], "Status": rule["status"]}
    made["Filter"] = spelled((rule.get("filter") or [{}])[0] or {}) or {"Prefix": ""}
    known = {"id", "status", "filter", "prefix", *blocks, *lists}
    assert not {name for name, value in rule.items() if value} - known, rule
    made |= {blocks[name]: spelled(rule[name][0]) for name in blocks if rule.get(name)}
    return made | {lists[name]: [spelled(block) for block in rule[name]] for name in lists if rule.get(name)}


@makes("aws_s3_bucket_logging", order=71)
def bucket_logging(it: Making):
    s3, name = it.client("s3"), it["bucket"]
    sent = {"TargetBucket": it["target_bucket"], "TargetPrefix": it["target_prefix"]}
    # Moto looks whether the target's policy lets the logs in, but fails on a principal "*", which is {"AWS": "*"} to AWS.
    policy = s3.get_bucket_policy(Bucket=it["target_bucket"])["Policy"]
    spelled = json.loads(policy)
    for statement in spelled["Statement"]:
        if statement["Principal"] == "*":
            statement["Principal"] = {"AWS": "*"}
    s3.put_bucket_policy(Bucket=it["target_bucket"], Policy=json.dumps(spelled))
    s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": sent})
    s3.put_bucket_policy(Bucket=it["target_bucket"], Policy=policy)
    found = s3.get_bucket_logging(Bucket=name)["LoggingEnabled"]
    it.found(bucket=name, target_bucket=found["TargetBucket"], target_prefix=found["TargetPrefix"])
    it.left("moto keeps logs under plain names", "target_object_key_format")


@makes("aws_s3_object", order=22)
def stored_object(it: Making):
    """Files are read where the plan says: the zips are the real ones."""
    s3, place = it.client("s3"), {"Bucket": it["bucket"], "Key": it["key"]}
    body = it["content"].encode() if it.get("content") else Path(it.world.file(it["source"])).read_bytes()
    more = {"ContentType": it["content_type"]} if it.get("content_type") else {}
    more |= {"ServerSideEncryption": it["server_side_encryption"]} if it.get("server_side_encryption") else {}
    more |= {"SSEKMSKeyId": it["kms_key_id"]} if it.get("kms_key_id") else {}
    if it.get("tags"):
        more["Tagging"] = "&".join(f"{key}={value}" for key, value in it["tags"].items())
    put = s3.put_object(**place, Body=body, BucketKeyEnabled=bool(it.get("bucket_key_enabled")), **more)
    head = s3.head_object(**place)
    digest = hashlib.sha256(body)
    for name in ("source_hash", "checksum_sha256"):
        given = it.get(name)
        assert given in (None, digest.hexdigest(), base64.b64encode(digest.digest()).decode()), f"{it.address}: {name}"
    it.found(
        bucket=it["bucket"], key=it["key"], source_hash=it.get("source_hash"), content_type=head.get("ContentType"),
        server_side_encryption=head.get("ServerSideEncryption"), kms_key_id=head.get("SSEKMSKeyId"),
        bucket_key_enabled=head.get("BucketKeyEnabled"), tags=s3.get_object_tagging(**place)["TagSet"],
    )  # fmt: skip
    if it.get("content"):
        it.found(content=s3.get_object(**place)["Body"].read().decode())
    else:
        it.kept("source", digest.hexdigest(), hashlib.sha256(s3.get_object(**place)["Body"].read()).hexdigest())
    it.made(
        id=it["key"],
        version_id=put.get("VersionId", "null"),
        etag=put["ETag"].strip('"'),
        arn=f"arn:aws:s3:::{it['bucket']}/{it['key']}",
    )


@makes("aws_secretsmanager_secret", order=16)
def secret(it: Making):
    secrets = it.client("secretsmanager")
    it.call("secretsmanager", "create_secret", it.given("recovery_window_in_days"))
    found = secrets.describe_secret(SecretId=it["name"])
    it.found(name=found["Name"], description=found.get("Description"), kms_key_id=found.get("KmsKeyId"), tags=found["Tags"])
    assert not found.get("VersionIdsToStages"), f"{it.address} has a value, which belongs in no plan"
    it.left("said when a secret is deleted", "recovery_window_in_days")
    it.made(arn=found["ARN"], id=found["ARN"])


@makes("aws_secretsmanager_secret_policy", order=17)
def secret_policy(it: Making):
    secrets = it.client("secretsmanager")
    secrets.put_resource_policy(SecretId=it["secret_arn"], ResourcePolicy=it["policy"])
    found = secrets.get_resource_policy(SecretId=it["secret_arn"])
    it.found(secret_arn=found["ARN"], policy=found["ResourcePolicy"])
    it.left("asks AWS whether the policy opens the secret to the world; moto does not", "block_public_policy")


@makes("aws_glue_catalog_database", order=16)
def database(it: Making):
    sent = {name: it.get(name) for name in ("name", "description", "location_uri", "parameters")}
    it.call("glue", "create_database", {"database_input": sent}, **({"Tags": it["tags"]} if it.get("tags") else {}))
    found = it.client("glue").get_database(Name=it["name"])["Database"]
    it.found(
        name=found["Name"],
        description=found.get("Description"),
        location_uri=found.get("LocationUri"),
        parameters=found.get("Parameters"),
    )
    it.found(catalog_id=found.get("CatalogId"))
    arn = f"arn:aws:glue:{it.client('glue').meta.region_name}:{found['CatalogId']}:database/{found['Name']}"
    it.left("moto keeps no tags of databases", "tags")
    it.made(id=f"{found['CatalogId']}:{found['Name']}", name=found["Name"], arn=arn, catalog_id=found["CatalogId"])


@makes("aws_athena_workgroup", order=16)
def workgroup(it: Making):
    athena, block = it.client("athena"), dict(it.block("configuration"))
    results = dict((block.pop("result_configuration", None) or [{}])[0])
    encryption = dict((results.pop("encryption_configuration", None) or [{}])[0])
    renamed = {"encryption_option": "EncryptionOption", "kms_key_arn": "KmsKey"}
    results["EncryptionConfiguration"] = {renamed[name]: value for name, value in encryption.items() if value}
    block["ResultConfiguration"] = results
    tags = [{"Key": key, "Value": value} for key, value in it.get("tags", {}).items()]
    it.call(
        "athena",
        "create_work_group",
        {"name": it["name"], "description": it.get("description"), "configuration": block},
        Tags=tags,
    )
    found = athena.get_work_group(WorkGroup=it["name"])["WorkGroup"]
    arn = f"arn:aws:athena:{athena.meta.region_name}:123456789012:workgroup/{it['name']}"
    it.kept("configuration", block, found["Configuration"])
    it.found(name=found["Name"], description=found.get("Description"))
    it.found(tags=athena.list_tags_for_resource(ResourceARN=arn)["Tags"], state=found.get("State"))
    it.left("said when a workgroup is destroyed", "force_destroy")
    it.made(id=it["name"], arn=arn, name=it["name"])


@makes("aws_kms_grant", order=20)
def grant(it: Making):
    kms = it.client("kms")
    made = it.call("kms", "create_grant", it.given())
    (found,) = [one for one in kms.list_grants(KeyId=it["key_id"])["Grants"] if one["GrantId"] == made["GrantId"]]
    it.found(name=found["Name"], grantee_principal=found["GranteePrincipal"], operations=found["Operations"])
    it.kept("key_id", it["key_id"].split("/")[-1], found["KeyId"].split("/")[-1])
    it.made(id=f"{it['key_id']}:{made['GrantId']}", grant_id=made["GrantId"])


@makes("aws_secretsmanager_secret_version", order=17)
def secret_version(it: Making):
    it.left("values are put by hand", *it.arguments)


@makes("aws_s3_bucket_notification", order=72)
def notification(it: Making):
    s3, name, topics = it.client("s3"), it["bucket"], []
    for block in it.get("topic", []):
        rules = [{"Name": end, "Value": block[f"filter_{end}"]} for end in ("prefix", "suffix") if block.get(f"filter_{end}")]
        topics.append({"TopicArn": block["topic_arn"], "Events": block["events"], "Filter": {"Key": {"FilterRules": rules}}})
    sent = {"TopicConfigurations": topics} | ({"EventBridgeConfiguration": {}} if it.get("eventbridge") else {})
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=sent)
    found = s3.get_bucket_notification_configuration(Bucket=name)
    it.found(bucket=name, eventbridge="EventBridgeConfiguration" in found)
    it.kept("topic", topics, found.get("TopicConfigurations"))
