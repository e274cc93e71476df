internal import JSON

extension ScheduleDefinition {
    init?(parsing value: DefinitionValue) {
        guard let object = value.object(required: ["name", "job", "schedule"], optional: ["input"]) else { return nil }
        let input = object["input"]
        if let input, input.value.members == nil {
            input.complain("expected an object, not \(input.value.kindName)")
        }
        guard let name = object["name"]?.streamName(), let job = object["job"]?.streamName(),
            let expression = object["schedule"]?.string()
        else { return nil }
        self.init(name: name, job: job, expression: expression, input: input?.value)
    }
}
