# What single jobs say about themselves.

locals {
  quotes_widgets = concat(
    [
      for widget in [
        { title = "Polls, and those that brought nothing", metrics = ["Polls", "UpstreamFaults", "PollsHeld"] },
        { title = "Quotes", metrics = ["QuotesProduced", "QuotesMissing", "QuotesMalformed", "Undelivered"] },
        { title = "Runs and steps that did not go as they should", metrics = ["EmptyRuns", "RunsLate", "StepsFailed", "StepsSkipped"] },
      ] :
      {
        title   = widget.title
        stat    = "Sum"
        metrics = [for metric in widget.metrics : ["Swiftlake", metric, "Job", "poll-quotes"]]
      }
    ],
    [
      {
        title   = "From when a poll was due until its quotes were delivered (ms)"
        stat    = "p90"
        metrics = [["Swiftlake", "PollDelay", "Job", "poll-quotes", { label = "nine of ten are quicker" }], ["Swiftlake", "PollDelay", "Job", "poll-quotes", { label = "slowest", stat = "Maximum" }]]
        bound   = { value = var.quotes_interval * 500, label = "half the interval" }
      },
    ],
    [
      for stream in values(local.windowed) : {
        title   = "Windows of ${stream.topic}: late records, assets on several partitions"
        stat    = "Sum"
        metrics = [for metric in ["RecordsLate", "AssetsOnSeveralPartitions"] : ["Swiftlake", metric, "Stream", stream.topic]]
      }
    ],
  )

  index_widgets = [
    for index in values(local.indexes) : {
      title   = "Documents of ${index}"
      metrics = [for metric in ["DocumentsIndexed", "DocumentsUnchanged", "DocumentsResent", "DeadLetters", "RecordsDropped"] : ["Swiftlake", metric, "Index", index]]
    }
  ]

  edge_widgets = concat(
    [
      for widget in [
        { title = "Readings of devices", metrics = ["ReadingsAccepted", "ReadingsFailed"] },
        { title = "Requests that were refused", metrics = ["RequestsUnauthorized", "RequestsThrottled", "RequestsFailed", "RequestsRefused"] },
      ] :
      {
        title   = widget.title
        metrics = flatten([for name in keys(local.gateway) : [for metric in widget.metrics : { row = ["Swiftlake", metric, "Stream", name] }]])[*].row
      }
    ],
    [{
      title = "Readings that were refused, by reason"
      metrics = [
        for name in keys(local.gateway) :
        [{ expression = "SEARCH('{Swiftlake,Reason,Stream} MetricName=\"ReadingsRejected\" Stream=\"${name}\"', 'Sum', 300)", label = "" }]
      ]
    }],
  )
  # The API's id is made up by AWS: its alarm draws it.
  api_widgets = [{ title = "5xx of the devices' API", alarm = "edge-errors" }]

  alert_widgets = [
    for widget in [
      { title = "Alerts", metrics = ["Alerts", "AlertsSuppressed"] },
      { title = "Alerts published, and not", metrics = ["AlertsPublished", "AlertsUnpublished", "AlertsGivenUp"] },
      { title = "Records without use for rules", metrics = ["RecordsUndecodable", "RecordsUnkeyed"] },
      { title = "Keys that rules know", metrics = ["KeysKnown"], stat = "Maximum" },
      { title = "State of rules (bytes)", metrics = ["StateBytes"], stat = "Maximum" },
    ] :
    {
      title   = widget.title
      stat    = try(widget.stat, "Sum")
      metrics = flatten([for name in keys(local.watched) : [for metric in widget.metrics : { row = ["Swiftlake", metric, "Stream", name] }]])[*].row
    }
  ]

  upkeep_widgets = [
    { title = "Tables kept in order, failed and left", metrics = [for metric in ["TablesDone", "TablesFailed", "TablesRemaining"] : ["Swiftlake", metric, "Job", "optimize-tables"]] },
    { title = "Files of tables, after upkeep", stat = "Maximum", period = 3600, metrics = [for table in local.stream_tables : ["Swiftlake", "FilesAfter", "Table", table]] },
    { title = "Bytes that upkeep scanned, by which Athena charges", period = 3600, metrics = [for table in local.stream_tables : ["Swiftlake", "ScannedBytes", "Table", table]] },
  ]
  simulator_widgets = [
    for job in ["simulate-sensors", "simulate-trades"] : {
      title   = "Records that ${job} made"
      metrics = [for metric in ["RecordsPut", "RecordsFailed", "RecordsLeft"] : ["Swiftlake", metric, "Job", job]]
    } if contains(keys(var.functions), job)
  ]
  # Counted without dimensions, once an apply.
  bootstrap_widgets = [
    { title = "Tables and views of lake.json", period = 3600, metrics = [for metric in ["TablesCreated", "TablesEvolved", "ViewsChanged", "BootstrapRefusals", "BootstrapFailures"] : ["Swiftlake", metric]] },
  ]
  topics_widgets = [
    { title = "Topics of lake.json", period = 3600, metrics = [for metric in ["TopicsCreated", "TopicsGrown", "TopicsDifferent", "TopicFailures"] : ["Swiftlake", metric]] },
  ]
  assets_widgets = [
    { title = "Logos of assets", period = 3600, metrics = [for metric in ["LogosAppended", "LogosDropped", "LogosDuplicated"] : ["Swiftlake", metric, "Job", "refresh-assets"]] },
  ]

  job_sections = [
    { title = "Quotes", widgets = [for widget in local.quotes_widgets : widget if local.has["poll-quotes"]] },
    { title = "Elasticsearch", widgets = local.index_widgets },
    { title = "Devices", widgets = concat([for widget in local.edge_widgets : widget if length(local.gateway) > 0], [for widget in local.api_widgets : widget if local.has["edge-gateway"]]) },
    { title = "Anomalies", widgets = [for widget in local.alert_widgets : widget if length(local.watched) > 0] },
    { title = "Upkeep and assets", widgets = concat([for widget in local.upkeep_widgets : widget if local.has["optimize-tables"]], [for widget in local.assets_widgets : widget if local.has["refresh-assets"]]) },
    { title = "Bootstrap and simulators", widgets = concat(local.bootstrap_widgets, [for widget in local.topics_widgets : widget if local.has["bootstrap-topics"]], local.simulator_widgets) },
  ]
}
