import JSON
import Testing

@testable import Lake

@Suite struct ScheduleDefinitionTests {
    private func sample(_ schedules: String...) -> SampleDefinition {
        SampleDefinition(root: #""schedules": [\#(schedules.joined(separator: ", "))]"#)
    }

    @Test func schedulesKeepTheirOrderAndTheirText() throws {
        let definition = try sample(
            #"{"name": "b", "job": "optimize-tables", "schedule": "cron(0 2 ? * SUN *)", "input": {"dryRun": true}}"#,
            #"{"name": "a.1", "job": "poll-quotes", "schedule": "rate(1 minute)"}"#
        ).parsed()
        #expect(
            definition.schedules == [
                ScheduleDefinition(
                    name: "b", job: "optimize-tables", expression: "cron(0 2 ? * SUN *)",
                    input: .object([("dryRun", .bool(true))])),
                ScheduleDefinition(name: "a.1", job: "poll-quotes", expression: "rate(1 minute)", input: nil),
            ])
        #expect(try SampleDefinition().parsed().schedules.isEmpty)
    }

    @Test func everythingThatIsWrongIsNamedWithItsPlace() {
        let found = sample(
            #"{"name": "a b", "job": "Optimize", "schedule": "rate(5 minute)", "input": 7}"#,
            #"{"name": "n", "job": "j", "schedule": "cron(0 2 * * SUN *)"}"#,
            #"{"name": "n", "job": "j"}"#,
            #"{"name": "n", "job": "j", "schedule": 5, "when": 1}"#
        ).problems()
        #expect(
            found == [
                "$.schedules[0].input: expected an object, not a number",
                "$.schedules[0].name: \"a b\" cannot be the name of a schedule: use letters, digits, \"_\", \".\" and "
                    + "\"-\", at most 64",
                "$.schedules[0].job: \"Optimize\" cannot be the name of a job: use lower-case letters, digits and "
                    + "\"-\", at most 64, such as \"optimize-tables\"",
                "$.schedules[0].schedule: \"rate(5 minute)\" is no schedule: expected minutes, hours or days, as the "
                    + "value is 5, at character 8",
                "$.schedules[1].schedule: \"cron(0 2 * * SUN *)\" is no schedule: expected ?, as the day of the month "
                    + "is given, at character 14",
                "$.schedules[2]: lacks the member \"schedule\"",
                "$.schedules[3].when: is not a member of this object; it has name, job, schedule, input",
                "$.schedules[3].schedule: expected a string, not a number",
            ])
    }

    @Test func namesAreUnique() {
        let schedule = #"{"name": "n", "job": "j", "schedule": "rate(1 day)"}"#
        #expect(sample(schedule, schedule).problems() == ["$.schedules[1]: there is another schedule named \"n\""])
    }
}
