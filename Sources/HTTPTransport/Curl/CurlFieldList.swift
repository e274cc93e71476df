internal import CCurl

/// The owner of the fields of a request as libcurl wants them: a linked list of texts, here in one piece of memory.
/// https://curl.se/libcurl/c/CURLOPT_HTTPHEADER.html
struct CurlFieldList: ~Copyable {
    private let memory: UnsafeMutableRawPointer
    /// Its first element; valid as long as the owner.
    var first: UnsafeMutableRawPointer { memory }

    /// - Parameter isUpload: whether a body goes along.
    init(_ fields: [HTTPField], isUpload: Bool) {
        // libcurl adds these of its own accord; a name with a colon and nothing behind it takes them out again.
        let hasAccept = fields.contains { $0.isNamed("accept") }
        let removed = (isUpload ? ["Expect"] : []) + (hasAccept ? [] : ["Accept"])
        let count = fields.count + removed.count
        var size = max(1, count) * MemoryLayout<curl_slist>.stride
        for field in fields { size += field.name.utf8.count + field.value.utf8.count + 3 }
        for name in removed { size += name.utf8.count + 2 }
        memory = .allocate(byteCount: size, alignment: MemoryLayout<curl_slist>.alignment)
        let nodes = memory.bindMemory(to: curl_slist.self, capacity: count)
        let text = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(start: memory, count: size)[
                (count * MemoryLayout<curl_slist>.stride)...]
        ).bindMemory(to: UInt8.self)
        var used = 0
        var index = 0
        func add(_ name: String, _ separator: StaticString, _ value: String) {
            let line = UnsafeMutableRawPointer(text.baseAddress! + used).assumingMemoryBound(to: CChar.self)
            used = text[used...].initialize(fromContentsOf: name.utf8)
            let separator = UnsafeBufferPointer(start: separator.utf8Start, count: separator.utf8CodeUnitCount)
            used = text[used...].initialize(fromContentsOf: separator)
            used = text[used...].initialize(fromContentsOf: value.utf8)
            text[used] = 0
            used += 1
            let next = index + 1 < count ? nodes + index + 1 : nil
            (nodes + index).initialize(to: curl_slist(data: line, next: next))
            index += 1
        }
        // An empty value is asked for with a semicolon.
        for field in fields { add(field.name, field.value.isEmpty ? ";" : ": ", field.value) }
        for name in removed { add(name, ":", "") }
    }

    deinit { memory.deallocate() }
}
