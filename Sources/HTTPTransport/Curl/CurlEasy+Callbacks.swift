internal import CCurl
internal import Glibc

/// What libcurl calls, from inside `CurlMulti.perform` and on that thread only. Each function finds the owner of the easy
/// handle behind the pointer, which lives as long as the handle.
extension CurlEasy {
    func setCallbacks() throws(CurlError) {
        let owner = Unmanaged.passUnretained(self).toOpaque()
        try CurlError.check(
            swiftlake_curl_set_write_callback(handle, CURLOPT_HEADERFUNCTION, Self.receiveHead),
            "CURLOPT_HEADERFUNCTION")
        try set(CURLOPT_HEADERDATA, owner, "CURLOPT_HEADERDATA")
        try CurlError.check(
            swiftlake_curl_set_write_callback(handle, CURLOPT_WRITEFUNCTION, Self.receiveBody),
            "CURLOPT_WRITEFUNCTION")
        try set(CURLOPT_WRITEDATA, owner, "CURLOPT_WRITEDATA")
        try CurlError.check(swiftlake_curl_set_read_callback(handle, Self.sendBody), "CURLOPT_READFUNCTION")
        try set(CURLOPT_READDATA, owner, "CURLOPT_READDATA")
        try CurlError.check(swiftlake_curl_set_seek_callback(handle, Self.rewindBody), "CURLOPT_SEEKFUNCTION")
        try set(CURLOPT_SEEKDATA, owner, "CURLOPT_SEEKDATA")
        try CurlError.check(swiftlake_curl_set_prereq_callback(handle, Self.beginSending), "CURLOPT_PREREQFUNCTION")
        try set(CURLOPT_PREREQDATA, owner, "CURLOPT_PREREQDATA")
        try CurlError.check(
            swiftlake_curl_set_opensocket_callback(handle, Self.openSocket), "CURLOPT_OPENSOCKETFUNCTION")
        try set(CURLOPT_OPENSOCKETDATA, owner, "CURLOPT_OPENSOCKETDATA")
        // A connection outlives the easy handle that made it.
        let sockets = Unmanaged.passUnretained(sockets).toOpaque()
        try CurlError.check(
            swiftlake_curl_set_closesocket_callback(handle, Self.closeSocket), "CURLOPT_CLOSESOCKETFUNCTION")
        try set(CURLOPT_CLOSESOCKETDATA, sockets, "CURLOPT_CLOSESOCKETDATA")
    }

    private static func transfer(_ owner: UnsafeMutableRawPointer?) -> Transfer? {
        owner.flatMap { Unmanaged<CurlEasy>.fromOpaque($0).takeUnretainedValue().transfer }
    }

    private static let receiveHead: curl_write_callback = { bytes, _, count, owner in
        guard let bytes, let transfer = transfer(owner) else { return 0 }
        return transfer.receiveHead(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    private static let receiveBody: curl_write_callback = { bytes, _, count, owner in
        guard let bytes, let transfer = transfer(owner) else { return 0 }
        return transfer.receiveBody(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    private static let sendBody: curl_read_callback = { bytes, size, count, owner in
        guard let bytes, let transfer = transfer(owner) else { return Int(CURL_READFUNC_ABORT) }
        return transfer.sendBody(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
    }

    private static let rewindBody: curl_seek_callback = { owner, offset, origin in
        guard origin == SEEK_SET, let transfer = transfer(owner), transfer.seekBody(to: Int(offset)) else {
            return CURL_SEEKFUNC_FAIL
        }
        return CURL_SEEKFUNC_OK
    }

    private static let beginSending: curl_prereq_callback = { owner, _, _, _, _ in
        guard let transfer = transfer(owner), transfer.beginSending() else { return CURL_PREREQFUNC_ABORT }
        return CURL_PREREQFUNC_OK
    }

    private static let openSocket: curl_opensocket_callback = { owner, _, address in
        guard let owner, let address else { return CURL_SOCKET_BAD }
        let easy = Unmanaged<CurlEasy>.fromOpaque(owner).takeUnretainedValue()
        easy.transfer?.hasFreshConnection = true
        return easy.sockets.open(
            family: address.pointee.family, type: address.pointee.socktype, protocol: address.pointee.protocol)
    }

    private static let closeSocket: curl_closesocket_callback = { sockets, descriptor in
        guard let sockets else { return -1 }
        return Unmanaged<OpenSockets>.fromOpaque(sockets).takeUnretainedValue().close(descriptor)
    }
}
