internal import Iceberg

extension AssetsDefinition {
    init?(parsing value: DefinitionValue) {
        guard let object = value.object(required: ["table", "symbols"], optional: ["url", "iconSize"]) else {
            return nil
        }
        let url = object["url"].flatMap { $0.string() } ?? Self.defaultURL
        let size = object["iconSize"].flatMap { $0.count() } ?? Int64(Self.defaultIconSize)
        let symbols = object["symbols"]?.array()?.compactMap { $0.string() } ?? []
        guard let table = object["table"]?.tableIdentifier() else { return nil }
        self.init(table: table, url: url, iconSize: Int(size), symbols: symbols)
    }
}
