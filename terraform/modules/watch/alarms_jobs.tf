# What single jobs say about themselves. Errors, throttles, duration and the failure queue of every function are
# watched by the module function.

locals {
  indexes  = { for name, stream in var.kafka : name => stream.index if stream.index != null }
  has      = { for job in ["bootstrap-topics", "edge-gateway", "optimize-tables", "poll-quotes", "refresh-assets"] : job => contains(keys(var.functions), job) }
  polls    = local.has["poll-quotes"] && contains(var.scheduled_jobs, "poll-quotes")
  refreshs = local.has["refresh-assets"] && contains(var.scheduled_jobs, "refresh-assets")

  index_alarms = merge(
    {
      for name, index in local.indexes : "index-dead-letters/${name}" => {
        text       = "Documents of ${index} were refused by Elasticsearch and went to the dead-letter table. See what they are, and whether the index's mapping fits."
        metric     = "DeadLetters"
        dimensions = { Index = index }
        above      = 0
      }
    },
    {
      for name, index in local.indexes : "index-failed/${name}" => {
        text       = "Batches have not been indexed in ${index} for 15 minutes and come again. Elasticsearch does not answer, refuses the key or is full: the log of kafka-elastic says which."
        metric     = "BatchesFailed"
        dimensions = { Index = index }
        periods    = 3
        above      = 0
      }
    },
  )

  of_polls = { Job = "poll-quotes" }
  # A symbol's polls of a minute.
  polls_a_minute = ceil(60 / var.quotes_interval)

  quotes_alarms = {
    for kind, alarm in {
      "quotes-none" = {
        text       = "The feed of quotes stands still: none has been produced for 3 minutes. Look at quotes-faults and quotes-undelivered, and whether the schedule runs."
        metric     = "QuotesProduced"
        dimensions = local.of_polls
        period     = 60
        periods    = 3
        below      = 1
        missing    = "breaching"
      }
      "quotes-faults" = {
        text       = "More than a third of the polls of 5 minutes brought no quotes. The log of poll-quotes has the kinds of fault: Alpaca may be down, throttle us, or refuse the key."
        expression = "IF(polls > 0, faults / polls, 0)"
        inputs = {
          polls  = { metric = "Polls", dimensions = local.of_polls }
          faults = { metric = "UpstreamFaults", dimensions = local.of_polls }
        }
        above = 0.334
      }
      "quotes-missing" = {
        text       = "Alpaca has had no usable bar of some symbol for 15 minutes. It may be delisted: the log of poll-quotes names it; take it out of lake.json."
        expression = "missing + malformed"
        inputs = {
          missing   = { metric = "QuotesMissing", dimensions = local.of_polls }
          malformed = { metric = "QuotesMalformed", dimensions = local.of_polls }
        }
        period   = 60
        periods  = 15
        at_least = local.polls_a_minute
      }
      "quotes-undelivered" = {
        text       = "Quotes were not acknowledged by the cluster, which may not have them. See the cluster, and the log of poll-quotes."
        metric     = "Undelivered"
        dimensions = local.of_polls
        above      = 0
      }
      "quotes-empty-runs" = {
        text       = "Three runs of poll-quotes within 5 minutes produced nothing. Look at quotes-faults and quotes-undelivered."
        metric     = "EmptyRuns"
        dimensions = local.of_polls
        at_least   = 3
      }
      "quotes-delay" = {
        text       = "One in ten quotes comes later than half of the interval between polls, for 15 minutes. Alpaca or the cluster answers slowly."
        metric     = "PollDelay"
        dimensions = local.of_polls
        statistic  = "p90"
        periods    = 3
        above      = var.quotes_interval * 500
      }
      "quotes-late-runs" = {
        text       = "A run of poll-quotes began when its minute was over: the schedule, or Lambda's queue for the function, is behind."
        metric     = "RunsLate"
        dimensions = local.of_polls
        above      = 0
      }
    } : kind => alarm if local.has["poll-quotes"] && (local.polls || kind != "quotes-none")
  }

  # A table that is loaded by the clock: its entry in freshness_minutes holds, or 26 hours, as it is loaded daily.
  assets_minutes = var.assets_table == null ? 0 : lookup(var.freshness_minutes, var.assets_table, 1560)

  job_alarms = merge(
    {
      for kind, alarm in {
        "assets-none" = {
          text       = "No logos of assets have been loaded for ${ceil(local.assets_minutes / 60)} hours. The log of refresh-assets says why: often CoinAPI's key or quota."
          metric     = "LogosAppended"
          dimensions = { Job = "refresh-assets" }
          period     = 3600
          periods    = ceil(local.assets_minutes / 60)
          below      = 1
          missing    = "breaching"
        }
      } : kind => alarm if local.refreshs && local.assets_minutes > 0
    },
    {
      for kind, alarm in {
        "upkeep-failed" = {
          text       = "Tables could not be compacted or their snapshots not expired. The log of optimize-tables names them; start it again for these."
          metric     = "TablesFailed"
          dimensions = { Job = "optimize-tables" }
          above      = 0
        }
      } : kind => alarm if local.has["optimize-tables"]
    },
    {
      "bootstrap-failed" = {
        text       = "Tables or views of lake.json could not be made, or the changes to them were refused. The log of bootstrap-tables says which and why."
        expression = "failures + refusals"
        inputs = {
          failures = { metric = "BootstrapFailures" }
          refusals = { metric = "BootstrapRefusals" }
        }
        above = 0
      }
    },
    {
      for kind, alarm in {
        "topics-failed" = {
          text   = "Kafka topics of lake.json could not be made. The log of bootstrap-topics says which and why."
          metric = "TopicFailures"
          above  = 0
        }
      } : kind => alarm if local.has["bootstrap-topics"]
    },
    {
      for job in ["simulate-sensors", "simulate-trades"] : "simulator-failed/${job}" => {
        text       = "Records that ${job} made were not put into their stream for 15 minutes. Nobody misses them, but what refuses them may refuse others."
        metric     = "RecordsFailed"
        dimensions = { Job = job }
        periods    = 3
        above      = 0
      } if contains(keys(var.functions), job)
    },
  )
}
