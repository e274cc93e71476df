internal import Calendar
internal import JSON

extension ScheduleDefinition {
    init?(parsing value: DefinitionValue) {
        guard let object = value.object(required: ["name", "job", "schedule"], optional: ["input"]) else { return nil }
        let input = object["input"]
        if let input, input.value.members == nil {
            input.complain("expected an object, not \(input.value.kindName)")
        }
        let name = object["name"]?.scheduleName()
        let job = object["job"]?.jobName()
        let expression = object["schedule"]?.scheduleExpression()
        guard let name, let job, let expression else { return nil }
        self.init(name: name, job: job, expression: expression, input: input?.value)
    }
}

extension DefinitionValue {
    /// A schedule's name under the rules of EventBridge Scheduler.
    fileprivate func scheduleName() -> String? {
        guard let text = string() else { return nil }
        guard Self.isStreamName(text[...], maximumLength: 64) else {
            complain(
                "\"\(text)\" cannot be the name of a schedule: use letters, digits, \"_\", \".\" and \"-\", at most 64")
            return nil
        }
        return text
    }

    /// A job's name, which is its executable's. Which jobs there are is not known here.
    fileprivate func jobName() -> String? {
        guard let text = string() else { return nil }
        let isName =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { unit in
                switch unit {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isName else {
            complain(
                "\"\(text)\" cannot be the name of a job: use lower-case letters, digits and \"-\", at most 64, such as "
                    + "\"optimize-tables\"")
            return nil
        }
        return text
    }

    /// An expression that ``ScheduleExpression`` takes.
    fileprivate func scheduleExpression() -> String? {
        guard let text = string() else { return nil }
        do {
            return try ScheduleExpression(parsing: text).text
        } catch {
            complain("\"\(text)\" is no schedule: \(error)")
            return nil
        }
    }
}
