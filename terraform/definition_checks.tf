# What lake.json says wrongly, told by the plan, which then changes nothing. A misspelt member would end every function at its
# initialisation, all at once; a misspelt table or source would take a stream out of the plan, and its records with it.
#
# What docs/lake.schema.json knows of members is asked here: which there are, which are needed, their kinds of value, choices and
# bounds. How names and texts are written, `swiftlake definition check` knows. Only lake.json itself is looked at, so that a mistake
# which keeps the rest from being planned is told all the same.

locals {
  schema_file = "${path.module}/../docs/lake.schema.json"
  schema      = try(jsondecode(file(local.schema_file)), null)
  schema_defs = try(local.schema["$defs"], {})

  # Objects of the schema by what they are. A source and a rule are of several kinds, each with members of its own; where the kind
  # is wrong, only that is told.
  object_schemas = try(merge(
    { for name in ["database", "table", "column", "retention", "stream", "window", "alerts", "view", "assets", "quotes", "schedule"] : name => local.schema_defs[name] },
    {
      lake    = local.schema
      gateway = local.schema_defs.stream.properties.gateway
      source = merge(local.schema_defs.source, {
        properties = merge(local.schema_defs.kafkaSource.properties, local.schema_defs.kinesisSource.properties, local.schema_defs.source.properties)
      })
      rule = merge(local.schema_defs.rule, {
        properties = merge(concat([for rule in local.schema_defs.rule.oneOf : rule.properties], [local.schema_defs.rule.properties])...)
      })
    },
    { for kind in ["kafka", "kinesis"] : "source ${kind}" => local.schema_defs["${kind}Source"] },
    {
      for rule in local.schema_defs.rule.oneOf : "rule ${rule.properties.kind.const}" => merge(rule, {
        properties = merge(rule.properties, local.schema_defs.rule.properties)
        required   = distinct(concat(local.schema_defs.rule.required, rule.required))
      })
    },
  ), {})
  # Of each its members, with what the schema says of their values: elsewhere, for some, and by `true` nothing.
  object_members = {
    for object, schema in local.object_schemas : object => {
      needed = try(schema.required, [])
      members = {
        for member, property in schema.properties :
        member => try(merge(try(local.schema_defs[trimprefix(property["$ref"], "#/$defs/")], {}), property), {})
      }
    }
  }

  # The objects that lake.json consists of: where each lies, what it is, and what stands there.
  listed = flatten([
    for list, object in { databases = "database", tables = "table", streams = "stream", views = "view", schedules = "schedule" } : try([
      for place, value in local.lake[list] :
      { at = try("lake.json: ${list}[${place}] (${value.name})", "lake.json: ${list}[${place}]"), object = object, value = value }
    ], [])
  ])
  of_tables = flatten([
    for table in local.listed : concat(
      try([
        for place, column in table.value.columns :
        { at = try("${table.at}.columns[${place}] (${column.name})", "${table.at}.columns[${place}]"), object = "column", value = column }
      ], []),
      try([{ at = "${table.at}.retention", object = "retention", value = table.value.retention }], []),
    ) if table.object == "table"
  ])
  of_streams = flatten([
    for stream in local.listed : concat(
      try([{
        at     = "${stream.at}.source"
        object = try(contains(["kafka", "kinesis"], stream.value.source.kind), false) ? "source ${stream.value.source.kind}" : "source"
        value  = stream.value.source
      }], []),
      flatten([for member in ["window", "gateway", "alerts"] : try([{ at = "${stream.at}.${member}", object = member, value = stream.value[member] }], [])]),
      try([
        for place, rule in stream.value.alerts.rules : {
          at     = try("${stream.at}.alerts.rules[${place}] (${rule.name})", "${stream.at}.alerts.rules[${place}]")
          object = can(local.object_members["rule ${rule.kind}"]) ? "rule ${rule.kind}" : "rule"
          value  = rule
        }
      ], []),
    ) if stream.object == "stream"
  ])
  of_lake = flatten([for member in ["assets", "quotes"] : try([{ at = "lake.json: ${member}", object = member, value = local.lake[member] }], [])])
  objects = [
    for one in concat([{ at = "lake.json", object = "lake", value = local.lake }], local.listed, local.of_tables, local.of_streams, local.of_lake) : one
    if can(local.object_members[one.object])
  ]

  # Members that are there, with the kind of their values, which the first character of their JSON tells.
  json_kinds = merge(
    { "\"" = "string", "[" = "array", "{" = "object", "t" = "boolean", "f" = "boolean", "n" = "null" },
    { for digit in split("", "-0123456789") : digit => "number" },
  )
  members_there = flatten([
    for one in local.objects : try([
      for member, value in { for name in keys(one.value) : name => one.value[name] } : {
        at     = one.object == "lake" ? "lake.json: ${member}" : "${one.at}.${member}"
        in     = one.at
        member = member
        kind   = local.json_kinds[substr(jsonencode(value), 0, 1)]
        value  = value
        known  = keys(local.object_members[one.object].members)
        schema = lookup(local.object_members[one.object].members, member, {})
      }
    ], [])
  ])

  definition_form = concat(
    [for one in local.objects : "${one.at} is to be an object." if !can(keys(one.value)) && !contains([for other in local.members_there : other.at], one.at)],
    [for one in local.members_there : "${one.in} has no member ${one.member}; it has: ${join(", ", one.known)}." if !contains(one.known, one.member)],
    flatten([
      for one in local.objects : [
        for member in local.object_members[one.object].needed : "${one.at} lacks ${member}." if can(keys(one.value)) && !try(contains(keys(one.value), member), true)
      ]
    ]),
    [
      for one in local.members_there : "${one.at} is to be of type ${join(" or ", flatten([one.schema.type]))}, not ${one.kind}."
      if can(one.schema.type) && !contains(flatten([try(one.schema.type, [])]), one.kind) && !(try(one.schema.type, "") == "integer" && try(floor(one.value) == one.value, false) && one.kind == "number")
    ],
    [for one in local.members_there : "${one.at} is to be one of: ${join(", ", one.schema.enum)}." if can(one.schema.enum) && !try(contains(one.schema.enum, one.value), false)],
    [
      for one in local.members_there : "${one.at} is to be from ${one.schema.minimum} to ${one.schema.maximum}."
      if one.kind == "number" && try(one.value < one.schema.minimum || one.value > one.schema.maximum, false)
    ],
    [
      for one in local.of_streams : "${one.at} is to have either name or arn."
      if one.object == "source kinesis" && can(keys(one.value)) && can(one.value.name) == can(one.value.arn)
    ],
  )

  # What one part says of another.
  names = { for object in ["database", "table", "stream", "view", "schedule"] : object => [for one in local.listed : one.value.name if one.object == object && can("${one.value.name}")] }
  # The table of letters matters where a stream sends some there.
  letters_wanted = anytrue([for one in local.listed : try(one.value.onBadRecord, "dead-letter") == "dead-letter" if one.object == "stream"])
  tables_named = concat(
    [for one in local.listed : { at = "${one.at}.table", name = one.value.table } if one.object == "stream" && can("${one.value.table}")],
    [for one in local.of_streams : { at = "${one.at}.table", name = one.value.table } if one.object == "alerts" && can("${one.value.table}")],
    [for one in local.of_lake : { at = "${one.at}.table", name = one.value.table } if one.object == "assets" && can("${one.value.table}")],
    [for name in [try("${local.lake.deadLetterTable}", "lake_db.dead_letters")] : { at = "lake.json: deadLetterTable", name = name } if local.letters_wanted],
  )
  definition_references = concat(
    [for one in local.tables_named : "${one.at} names ${one.name}, which is not there; tables: ${join(", ", local.names.table)}." if !contains(local.names.table, one.name)],
    [
      for one in local.listed : "${one.at} is of a database that is not there; databases: ${join(", ", local.names.database)}."
      if contains(["table", "view"], one.object) && can("${one.value.name}") && !contains(local.names.database, try(split(".", one.value.name)[0], ""))
    ],
    [
      for one in local.of_lake : "${one.at}.stream names ${one.value.stream}, which is not there; streams: ${join(", ", local.names.stream)}."
      if one.object == "quotes" && can("${one.value.stream}") && !contains(local.names.stream, try(one.value.stream, ""))
    ],
    flatten([
      for object, names in local.names : [
        for name in distinct(names) : "lake.json has several ${object}s of the name ${name}." if length([for other in names : other if other == name]) > 1
      ]
    ]),
  )
  definition_mistakes = concat(local.definition_form, local.definition_references)
}

# Looked at by every plan, also where nothing of it changes.
resource "terraform_data" "definition" {
  lifecycle {
    precondition {
      condition     = length(local.object_schemas) > 0
      error_message = "docs/lake.schema.json is not beside terraform/, or is no JSON: without it lake.json is not known to be right. Copy it along."
    }
    precondition {
      condition     = length(local.definition_mistakes) == 0
      error_message = join("\n", concat(local.definition_mistakes, ["`swiftlake definition check` tells more of it."]))
    }
  }
}
