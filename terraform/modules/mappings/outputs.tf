output "ids" {
  description = "UUIDs of the mappings, by name: records that a Kinesis mapping gave up lie in the failures' bucket under aws/lambda/UUID/."
  value = merge(
    { for name, mapping in aws_lambda_event_source_mapping.kinesis : name => mapping.uuid },
    { for name, mapping in aws_lambda_event_source_mapping.kafka : name => mapping.uuid },
  )
}
