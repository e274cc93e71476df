# Devices: what comes in by the edge gateway, and what detect-anomalies tells of them. Both count by the stream's name
# in lake.json.

locals {
  watched = { for name, stream in var.kinesis : name => stream if contains(keys(stream.readers), "detect-anomalies") }
  gateway = { for name, stream in var.kinesis : name => stream if stream.gateway && local.has["edge-gateway"] }

  alert_alarms = merge(
    {
      for name in keys(local.watched) : "alerts-unpublished/${name}" => {
        text       = "Alerts of ${name} are in their table but have not been published for 15 minutes. They are with the next batch; the log of detect-anomalies says what SNS answered."
        metric     = "AlertsUnpublished"
        dimensions = { Stream = name }
        periods    = 3
        above      = 0
      }
    },
    {
      for name in keys(local.watched) : "alerts-given-up/${name}" => {
        text       = "Alerts of ${name} will not be published: they could not be for a day, or too many waited. They are in their table: read them there."
        metric     = "AlertsGivenUp"
        dimensions = { Stream = name }
        above      = 0
      }
    },
    {
      # Where lake.json calls the stream as AWS does, batches-failed counts these too.
      for name, stream in local.watched : "detection-failed/${name}" => {
        text       = "Batches of ${stream.stream_name} have not been looked through for anomalies for 15 minutes and come again. The log of detect-anomalies says why."
        metric     = "BatchesFailed"
        dimensions = { Stream = name }
        periods    = 3
        above      = 0
      } if stream.stream_name != name
    },
  )

  edge_alarms = merge(
    {
      for name in keys(local.gateway) : "edge-unavailable/${name}" => {
        text       = "Requests of devices were refused before anything of them was read: the master secret could not be had. See its secret, and the log of edge-gateway."
        metric     = "RequestsFailed"
        dimensions = { Stream = name }
        above      = 0
      }
    },
    {
      for name in keys(local.gateway) : "edge-undelivered/${name}" => {
        text       = "Readings of devices did not get into ${name}. Devices send them again. See whether the stream is throttled, and the log of edge-gateway."
        metric     = "ReadingsFailed"
        dimensions = { Stream = name }
        periods    = 2
        above      = 0
      }
    },
    {
      for name in keys(local.gateway) : "edge-unauthorized/${name}" => {
        text       = "More than 100 requests in 5 minutes had no good token. Somebody tries, or devices have an old key or a wrong clock: the API's access log has their addresses."
        metric     = "RequestsUnauthorized"
        dimensions = { Stream = name }
        above      = 100
      }
    },
    {
      for kind, alarm in {
        "edge-errors" = {
          text       = "The devices' API answered with 5xx, more than 5 times in 5 minutes. Look at the function edge-gateway: its errors, throttles and duration."
          namespace  = "AWS/ApiGateway"
          metric     = "5xx"
          dimensions = { ApiId = var.api_id }
          above      = 5
        }
      } : kind => alarm if local.has["edge-gateway"]
    },
  )
}
