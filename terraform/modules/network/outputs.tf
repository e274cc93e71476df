output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "subnet_ids" {
  description = "Ids of the private subnets, one a zone, in the zones' order."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "functions_security_group_id" {
  description = "Security group of functions that speak to brokers."
  value       = aws_security_group.functions.id
}

output "internet_security_group_id" {
  description = "Security group that functions which call the internet carry besides; null without a NAT gateway."
  value       = one(aws_security_group.internet[*].id)
}

output "endpoints_security_group_id" {
  description = "Security group of the interface endpoints."
  value       = aws_security_group.endpoints.id
}
