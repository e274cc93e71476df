/// Which file of certificates a host is believed by.
enum HTTPTrust {
    case amazonRoots
    case bundle

    var other: HTTPTrust { self == .bundle ? .amazonRoots : .bundle }
}
