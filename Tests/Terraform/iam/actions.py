"""What IAM must allow for each operation, and on what.

IAM's actions follow AWS's service authorization reference, and for MSK its "Semantics of IAM authorization policy actions and
resources". A kind of resource is a method of scope.Scope, which says what it is for a job.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """An action, and the kind of resource that it is on."""

    action: str
    kind: str


def needs(*pairs: str) -> tuple[Need, ...]:
    return tuple(Need(*pair.split(" ")) for pair in pairs)


_READ_KEY, _WRITE_KEY = "kms:Decrypt files_key", "kms:GenerateDataKey files_key"
# Without s3:ListBucket S3 says of an object that is not there that access is denied.
_GET = needs("s3:GetObject files", "s3:ListBucket buckets", _READ_KEY)
_PUT = needs("s3:PutObject files", _WRITE_KEY)
# Parts are decrypted when they are put together.
_PART = _PUT + needs(_READ_KEY)

# The type that asks S3 for the definition. Whatever else asks S3 does so for tables.
DEFINITION = "StoredDefinition"

# By operation; of S3 by operation and purpose.
OPERATIONS: dict[str, tuple[Need, ...]] = {
    "s3:GetObject for tables": _GET,
    "s3:HeadObject for tables": _GET,
    "s3:PutObject for tables": _PUT,
    "s3:CreateMultipartUpload for tables": _PART,
    "s3:UploadPart for tables": _PART,
    "s3:CompleteMultipartUpload for tables": _PART,
    "s3:AbortMultipartUpload for tables": needs("s3:AbortMultipartUpload files"),
    "s3:DeleteObject for tables": needs("s3:DeleteObject files"),
    "s3:DeleteObjects for tables": needs("s3:DeleteObject files"),
    "s3:ListObjectsV2 for tables": needs("s3:ListBucket buckets"),
    "s3:HeadBucket for tables": needs("s3:ListBucket buckets"),
    # Terraform puts the definition before the function: that it is not there needs no clear word.
    "s3:GetObject for definition": needs("s3:GetObject definition", "kms:Decrypt data_key"),
    "glue:GetTable": needs("glue:GetTable tables_read"),
    "glue:UpdateTable": needs("glue:UpdateTable tables_changed"),
    "glue:CreateTable": needs("glue:CreateTable tables_changed"),
    "glue:GetDatabases": needs("glue:GetDatabases all_databases"),
    "glue:GetTables": needs("glue:GetTables all_tables"),
    "glue:BatchCreatePartition": needs("glue:BatchCreatePartition plain_tables"),
    "athena:StartQueryExecution": needs("athena:StartQueryExecution workgroup"),
    "athena:GetQueryExecution": needs("athena:GetQueryExecution workgroup"),
    "lambda:Invoke": needs("lambda:InvokeFunction itself"),
    "sns:Publish": needs("sns:Publish alert_topic", "kms:Decrypt operations_key", "kms:GenerateDataKey operations_key"),
    "kinesis:PutRecords": needs("kinesis:PutRecords streams_written", "kms:GenerateDataKey key_of_streams_written"),
    "secretsmanager:GetSecretValue": needs("secretsmanager:GetSecretValue secrets", "kms:Decrypt secrets_key"),
}

# What Athena does in the name of who asks it, by job: "Fine-grained access to databases and tables in the Glue Data Catalog",
# and for results "Query results and recent queries" of Athena's user guide. The first demands the database `default` in any
# case: Athena looks for it, and makes it where an account has none.
_ALWAYS = needs(
    "s3:AbortMultipartUpload results", "s3:GetObject results", "s3:ListMultipartUploadParts results", "s3:PutObject results",
    "s3:GetBucketLocation results_bucket", "s3:ListBucket results_bucket", "s3:ListBucketMultipartUploads results_bucket", "glue:GetDatabase default_database", "glue:CreateDatabase default_database",
    "kms:Decrypt results_key", "kms:GenerateDataKey results_key")
ATHENA: dict[str, tuple[str, tuple[Need, ...]]] = {
    "bootstrap-tables": (
        "CREATE OR REPLACE VIEW",
        _ALWAYS + needs(
            "glue:GetDatabase databases", "glue:GetTable tables_changed", "glue:CreateTable tables_changed",
            "glue:UpdateTable tables_changed", "s3:GetBucketLocation buckets")),
    "optimize-tables": (
        "OPTIMIZE and VACUUM",
        _ALWAYS + needs(
            "glue:GetDatabase databases", "glue:GetTable tables_changed", "glue:UpdateTable tables_changed",
            "glue:GetPartitions tables_changed", "s3:GetObject files", "s3:PutObject files", "s3:DeleteObject files",
            "s3:AbortMultipartUpload files", "s3:ListMultipartUploadParts files", "s3:ListBucket buckets", "s3:GetBucketLocation buckets")),
}

# Services that are not AWS's, though they are asked the same way.
NOT_AWS = {"alpaca", "coinapi", "elasticsearch"}

# Functions of librdkafka that have brokers do something. The resources are those of kafka_… in scope.Scope.
_CONNECT = "kafka-cluster:Connect cluster"
KAFKA: dict[str, tuple[Need, ...]] = {
    "rd_kafka_new": needs(_CONNECT),
    "swiftlake_rdkafka_produce": needs(
        "kafka-cluster:DescribeTopic topics_written", "kafka-cluster:WriteData topics_written",
        # The producer is idempotent (KafkaProducer sets enable.idempotence).
        "kafka-cluster:WriteDataIdempotently cluster"),
    "rd_kafka_metadata": needs("kafka-cluster:DescribeTopic topics_made"),
    "rd_kafka_CreateTopics": needs("kafka-cluster:CreateTopic topics_made"),
    "rd_kafka_CreatePartitions": needs("kafka-cluster:AlterTopic topics_made", "kafka-cluster:DescribeTopic topics_made"),
    "rd_kafka_DescribeConfigs": needs("kafka-cluster:DescribeTopicDynamicConfiguration topics_made"),
}
# The rest of librdkafka that is called: it asks nothing of brokers that the above do not.
KAFKA_LOCAL = {
    "AdminOptions_destroy", "AdminOptions_new", "AdminOptions_set_operation_timeout", "AdminOptions_set_request_timeout",
    "ConfigEntry_name", "ConfigEntry_value", "ConfigResource_configs", "ConfigResource_destroy", "ConfigResource_error",
    "ConfigResource_error_string", "ConfigResource_name", "ConfigResource_new", "CreatePartitions_result_topics",
    "CreateTopics_result_topics", "DescribeConfigs_result_resources", "NewPartitions_destroy", "NewPartitions_new",
    "NewTopic_destroy", "NewTopic_new", "NewTopic_set_config", "conf_destroy", "conf_new", "conf_set",
    "conf_set_dr_msg_cb", "conf_set_error_cb", "conf_set_log_cb", "conf_set_oauthbearer_token_refresh_cb", "conf_set_opaque",
    "conf_set_resolve_cb", "conf_enable_sasl_queue", "destroy", "err2str", "error_destroy",
    "error_string", "event_CreatePartitions_result", "event_CreateTopics_result", "event_DescribeConfigs_result", "event_destroy",
    "event_error", "event_error_string", "fatal_error", "flush", "header_add", "headers_destroy", "headers_new",
    "metadata_destroy", "oauthbearer_set_token", "oauthbearer_set_token_failure", "opaque", "outq_len", "poll", "purge",
    "queue_destroy", "queue_new", "queue_poll", "sasl_background_callbacks_enable", "set_log_queue", "topic_destroy", "topic_name",
    "topic_new", "topic_result_error", "topic_result_error_string", "topic_result_name",
}

# Actions for which AWS knows no resources, or asks for all.
FORCED = {
    "xray:PutTraceSegments": "X-Ray's actions have no resources",
    "xray:PutTelemetryRecords": "X-Ray's actions have no resources",
    "ec2:DescribeNetworkInterfaces": "EC2's Describe actions have no resources",
    "ec2:DescribeSecurityGroups": "EC2's Describe actions have no resources",
    "ec2:DescribeSubnets": "EC2's Describe actions have no resources",
    "ec2:DescribeVpcs": "EC2's Describe actions have no resources",
}

# Patterns of resources that AWS forces, because it makes up an id, or asks for all below something.
PATTERNS = {
    r"arn:[^:]+:kms:[^:*]+:\d+:key/\*": "ids of keys are AWS's: the condition on the alias decides",
    r"arn:[^:]+:secretsmanager:[^:*]+:\d+:secret:[^*?]+-\?{6}": "Secrets Manager adds six characters to a name",
    r"arn:[^:]+:kafka:[^:*]+:\d+:(cluster/[^*/]+/\*|(topic|group)/[^*/]+/\*/[^*]+)": "MSK adds an id to a cluster's name",
    r"arn:[^:]+:logs:[^:*]+:\d+:log-group:([^*]+:)?\*": "names of log streams are Lambda's; log groups are listed as a whole",
    r"arn:[^:]+:s3:::[^*/]+/[^*]+/\*": "names of objects below a folder",
    r"arn:[^:]+:ec2:[^:*]+:\d+:\*/\*": "Lambda must be allowed all network interfaces of the account",
    r"arn:[^:]+:glue:[^:*]+:\d+:(database/\*|table/[^*/]+/\*)": "Glue lists only for who may read all below",
}
