extension JSONReader {
    /// Moves to right after a value that the caller has read by other means: a decoder that recognises a value by its
    /// bytes need not have it scanned.
    /// - Precondition: the offset is not before the position, nor past the text.
    public mutating func resume(at offset: Int) {
        precondition(offset >= position && offset <= bytes.byteCount, "resuming outside the rest of the text")
        position = offset
        isFirst = false
    }
}
