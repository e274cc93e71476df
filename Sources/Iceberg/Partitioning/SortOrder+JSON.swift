internal import JSON

extension SortOrder {
    init(reading reader: inout JSONReader) throws(IcebergError) {
        var orderID: Int?
        var fields: [Field]?
        try reader.beginObject("sort order")
        while let key = try reader.nextKey("sort order") {
            if reader.equals(key, "order-id") {
                orderID = try reader.whole("order-id")
            } else if reader.equals(key, "fields") {
                fields = try reader.list("fields") { reader throws(IcebergError) in try Field(reading: &reader) }
            } else {
                try reader.skip("sort order")
            }
        }
        guard let orderID else { throw .missing("order-id", in: "sort order") }
        guard let fields else { throw .missing("fields", in: "sort order") }
        self.init(orderID: orderID, fields: fields)
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("order-id", orderID)
            writer.member("fields") { writer in
                writer.array { writer in
                    for field in fields {
                        writer.object { writer in
                            writer.member("transform", field.transform.description)
                            writer.member("source-id", field.sourceID)
                            writer.member("direction", field.direction.rawValue)
                            writer.member("null-order", field.nullOrder.rawValue)
                        }
                    }
                }
            }
        }
    }
}

extension SortOrder.Field {
    fileprivate init(reading reader: inout JSONReader) throws(IcebergError) {
        var sourceID: Int?
        var transform: Transform?
        var direction: SortOrder.Direction?
        var nullOrder: SortOrder.NullOrder?
        try reader.beginObject("sort field")
        while let key = try reader.nextKey("sort field") {
            if reader.equals(key, "source-id") {
                sourceID = try reader.whole("source-id")
            } else if reader.equals(key, "transform") {
                transform = Transform(parsing: try reader.text("transform"))
            } else if reader.equals(key, "direction") {
                direction = SortOrder.Direction(rawValue: try reader.text("direction").lowercased())
            } else if reader.equals(key, "null-order") {
                nullOrder = SortOrder.NullOrder(rawValue: try reader.text("null-order").lowercased())
            } else if reader.equals(key, "source-ids") {
                throw IcebergError(.unsupported, "transforms of several columns belong to format version 3")
            } else {
                try reader.skip("sort field")
            }
        }
        guard let sourceID else { throw .missing("source-id", in: "sort field") }
        guard let transform else { throw .missing("transform", in: "sort field") }
        guard let direction else { throw IcebergError(.malformed, "direction is neither asc nor desc") }
        guard let nullOrder else {
            throw IcebergError(.malformed, "null-order is neither nulls-first nor nulls-last")
        }
        self.init(sourceID: sourceID, transform: transform, direction: direction, nullOrder: nullOrder)
    }
}
