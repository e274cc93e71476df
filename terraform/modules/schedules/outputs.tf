output "group" {
  description = "Name of the schedules' group."
  value       = aws_scheduler_schedule_group.this.name
}

output "names" {
  description = "Names of the schedules."
  value       = keys(aws_scheduler_schedule.this)
}
