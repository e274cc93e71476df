internal import CCurl

/// The owner of the fields of a request as libcurl wants them: a linked list of texts, here in one piece of memory.
/// https://curl.se/libcurl/c/CURLOPT_HTTPHEADER.html
struct CurlFieldList: ~Copyable {
    private let memory: UnsafeMutableRawPointer
    /// Its first element; valid as long as the owner.
    let first: UnsafeMutableRawPointer

    /// - Parameter isUpload: whether a body goes along.
    init(_ fields: [HTTPField], isUpload: Bool) {
        // libcurl adds these of its own accord; a name with a colon and nothing behind it takes them out again.
        var removed: [StaticString] = []
        if isUpload { removed.append("Expect:") }
        if !fields.contains(where: { $0.isNamed("accept") }) { removed.append("Accept:") }
        let count = fields.count + removed.count
        var size = count * MemoryLayout<curl_slist>.stride
        for field in fields { size += field.name.utf8.count + field.value.utf8.count + 3 }
        for name in removed { size += name.utf8CodeUnitCount + 1 }
        memory = .allocate(byteCount: max(1, size), alignment: MemoryLayout<curl_slist>.alignment)
        first = memory
        let nodes = memory.bindMemory(to: curl_slist.self, capacity: count)
        var text = memory + count * MemoryLayout<curl_slist>.stride
        var index = 0
        func add(_ parts: some Sequence<UInt8>, _ length: Int) {
            let bytes = text.bindMemory(to: CChar.self, capacity: length + 1)
            var position = 0
            for byte in parts {
                bytes[position] = CChar(bitPattern: byte)
                position += 1
            }
            bytes[length] = 0
            let next = index + 1 < count ? nodes + index + 1 : nil
            (nodes + index).initialize(to: curl_slist(data: bytes, next: next))
            index += 1
            text += length + 1
        }
        for field in fields {
            // An empty value is asked for with a semicolon, since the colon means removal.
            let rest = field.value.isEmpty ? ";" : ": " + field.value
            let line = field.name + rest
            add(line.utf8, line.utf8.count)
        }
        for name in removed {
            add(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), name.utf8CodeUnitCount)
        }
    }

    deinit { memory.deallocate() }
}
