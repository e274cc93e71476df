extension GatewayDefinition {
    init?(parsing value: DefinitionValue) {
        guard let object = value.object(required: ["device"]),
            let device = object["device"]?.name(of: "a column", maximumLength: 255)
        else { return nil }
        self.init(device: device)
    }
}
