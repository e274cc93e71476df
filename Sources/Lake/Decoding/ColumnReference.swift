internal import Columnar

/// A column of a batch that is not counted as a reference to it: counting would cost more than the append. The batch
/// must outlive it.
struct ColumnReference {
    private let column: Unmanaged<Column>

    /// A column of a batch that the caller holds.
    @inline(__always)
    init(_ batch: RecordBatch, _ index: Int) {
        // An array of objects holds their addresses, and so does `Unmanaged`.
        column = batch.columns.withUnsafeBytes {
            $0.load(fromByteOffset: index * MemoryLayout<Unmanaged<Column>>.stride, as: Unmanaged<Column>.self)
        }
    }

    @inline(__always)
    func append(_ value: Bool) { column._withUnsafeGuaranteedRef { $0.append(value) } }

    @inline(__always)
    func append<Value: BitwiseCopyable>(_ value: Value) { column._withUnsafeGuaranteedRef { $0.append(value) } }

    @inline(__always)
    func append(bytes: UnsafeRawBufferPointer) -> Bool {
        column._withUnsafeGuaranteedRef { $0.append(bytes: bytes) }
    }

    func appendNull() { column._withUnsafeGuaranteedRef { $0.appendNull() } }
}
