# Mistakes in lake.json and the variables that would otherwise show only when records do not come.

resource "terraform_data" "consistency" {
  lifecycle {
    precondition {
      condition     = alltrue([for schedule in values(local.schedules_wanted) : contains(local.all_jobs, schedule.job)])
      error_message = "lake.json: schedules of jobs that there are not: ${join(", ", [for schedule in values(local.schedules_wanted) : "${schedule.name} (${schedule.job})" if !contains(local.all_jobs, schedule.job)])}. There are: ${join(", ", local.all_jobs)}."
    }
    precondition {
      condition     = alltrue([for job in local.jobs : fileexists("${var.packages}/${job}.zip")])
      error_message = "packages: ${var.packages} lacks ${join(", ", [for job in local.jobs : "${job}.zip" if !fileexists("${var.packages}/${job}.zip")])}. Run ./build.sh package, or give the folder of the zips."
    }
    precondition {
      condition     = var.lakes == null || length(setsubtract(coalesce(var.lakes, []), values(local.lake_of))) == 0
      error_message = "lakes: lake.json has no such lake. It has: ${join(", ", distinct(values(local.lake_of)))}."
    }
    precondition {
      condition     = length(setsubtract(keys(var.jobs), local.all_jobs)) == 0
      error_message = "jobs: there are no such jobs: ${join(", ", setsubtract(keys(var.jobs), local.all_jobs))}. There are: ${join(", ", local.all_jobs)}."
    }
    precondition {
      condition     = length(setsubtract(keys(var.schedules), keys(local.schedules_wanted))) == 0
      error_message = "schedules: lake.json has no such schedules: ${join(", ", setsubtract(keys(var.schedules), keys(local.schedules_wanted)))}. It has: ${join(", ", keys(local.schedules_wanted))}."
    }
    precondition {
      condition     = var.features.elastic || var.elastic == null
      error_message = "elastic: an address is given, but features.elastic is off, so that nothing would be indexed."
    }
  }
}
