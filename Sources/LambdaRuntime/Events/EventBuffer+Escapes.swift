internal import JSON

extension EventBuffer {
    /// Unescapes a string that the reader found, if it has escapes: the result lies after the event's own bytes.
    /// Called once the reader is done, because the buffer may move.
    func resolve(_ range: inout ByteRange) throws(EventError) {
        guard range.hasEscapes else { return }
        do {
            // One byte more on either side, for the quotes.
            var reader = JSONReader(bytes.extracting(range.start - 1..<range.end + 1))
            let token = try reader.next()
            var text: [UInt8] = []
            text.reserveCapacity(token.count)
            try reader.unescape(token) { text.append($0) }
            let kept = keep(text)
            guard kept.upperBound <= ByteRange.maximumBytes else {
                throw EventError(.malformed, "", "longer than \(ByteRange.maximumBytes) bytes")
            }
            range = ByteRange(kept.lowerBound, kept.upperBound)
        } catch let error as JSONError {
            throw EventError(error, "")
        } catch let error as EventError {
            throw error
        } catch {
            throw EventError(.malformed, "", "\(error)")
        }
    }
}
