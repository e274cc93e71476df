internal import Glibc

extension ShardLog {
    /// Where the whole lines of a file begin, and where the last of them ends.
    static func lines(_ descriptor: Int32, _ path: String) throws(EventSourceError) -> (starts: [Int64], size: Int64) {
        var starts: [Int64] = []
        var size: Int64 = 0
        var place: Int64 = 0
        while true {
            let bytes = try read(descriptor, path, place..<place + 1 << 20, whole: false)
            guard !bytes.isEmpty else { return (starts, size) }
            for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
                starts.append(size)
                size = place + Int64(index) + 1
            }
            place += Int64(bytes.count)
        }
    }

    /// Bytes of a file; where it is shorter than it should be, an error, or fewer.
    static func read(
        _ descriptor: Int32, _ path: String, _ range: Range<Int64>, whole: Bool = true
    ) throws(EventSourceError) -> [UInt8] {
        var code: Int32 = 0
        let wanted = Int(range.count)
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            while count < wanted {
                let read = pread(
                    descriptor, buffer.baseAddress! + count, wanted - count, off_t(range.lowerBound) + off_t(count))
                if read < 0, errno == EINTR { continue }
                if read < 0 { code = errno }
                guard read > 0 else { break }
                count += read
            }
        }
        guard code == 0 else { throw fault("read", path, code) }
        guard !whole || bytes.count == wanted else {
            throw EventSourceError(.corrupt, "\(path) has become shorter: another program changed it")
        }
        return bytes
    }

    /// Writes all of the bytes, and returns the system's error number, or 0.
    static func write(_ bytes: [UInt8], to descriptor: Int32, at place: Int64) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let written = pwrite(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(place) + done)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return written < 0 ? errno : EIO }
                done += written
            }
            return 0
        }
    }

    static func fault(_ verb: String, _ path: String, _ code: Int32 = errno) -> EventSourceError {
        EventSourceError(.inputOutput, "could not \(verb) \(path): \(String(cString: strerror(code)))")
    }
}
