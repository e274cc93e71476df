internal import Avro

extension AvroEncoder {
    /// A number of a union with null, null first.
    mutating func optional(_ value: (some FixedWidthInteger)?) {
        long(value == nil ? 0 : 1)
        if let value { long(value) }
    }

    /// Bytes of a union with null, null first.
    mutating func optional(_ value: [UInt8]?) {
        long(value == nil ? 0 : 1)
        if let value { data(value) }
    }

    mutating func list(_ values: [some FixedWidthInteger]?) {
        long(values == nil ? 0 : 1)
        guard let values else { return }
        if !values.isEmpty {
            long(values.count)
            for value in values { long(value) }
        }
        long(0)
    }

    /// A map with int keys, sorted so that equal manifests are equal byte by byte; null if it is empty.
    mutating func map<Value>(_ values: [Int: Value], _ write: (inout AvroEncoder, Value) -> Void) {
        long(values.isEmpty ? 0 : 1)
        guard !values.isEmpty else { return }
        long(values.count)
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            long(key)
            write(&self, value)
        }
        long(0)
    }
}
