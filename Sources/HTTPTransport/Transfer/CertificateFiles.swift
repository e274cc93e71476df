/// Which file of certificates a host is believed by.
enum HTTPTrust {
    case amazonRoots
    case bundle

    var other: HTTPTrust { self == .bundle ? .amazonRoots : .bundle }
}

/// Chooses the file of certificates for each host, so that little has to be parsed: a whole bundle takes many times as
/// long as Amazon's few roots, and libcurl keeps only what it parsed last.
struct CertificateFiles {
    private let certificates: HTTPCertificates
    /// The bundle, once it was needed.
    private var bundle: String?
    /// Whether Amazon's hosts get the bundle too.
    private var prefersBundle = false

    init(_ certificates: HTTPCertificates) { self.certificates = certificates }

    /// Whether a host that is not believed by one file may be by the other.
    func hasTwo(for host: HTTPHost) -> Bool { host.origin.isAmazon && certificates.amazonRoots != nil }

    func trust(for host: HTTPHost) -> HTTPTrust {
        guard hasTwo(for: host) else { return .bundle }
        return host.trust ?? (prefersBundle ? .bundle : .amazonRoots)
    }

    /// The file's path; nil if there is none.
    mutating func path(_ trust: HTTPTrust, builtIn: @autoclosure () -> String?) -> String? {
        if trust == .amazonRoots { return certificates.amazonRoots }
        if bundle == nil { bundle = certificates.bundle ?? builtIn() ?? HTTPCertificates.systemBundle }
        return bundle
    }

    /// Notes that no connection is open. From now on one file does for everyone, if the bundle has been parsed: no
    /// connection is lost by that, though libcurl uses none that was made by another file.
    mutating func noteNoConnection() {
        if bundle != nil { prefersBundle = true }
    }
}
