/// A reading that was not taken, and why; nothing of what it holds.
struct RejectedReading: Equatable {
    /// Its place among the readings of the body, from 0.
    let index: Int
    /// The kind of fault: one of ``RecordError/Code``, or ``foreignDevice``.
    let reason: String
    /// The column, where the fault is in one.
    let field: String?

    /// Why a reading is rejected that is of another device than the token proves.
    static let foreignDevice = "device"
}
