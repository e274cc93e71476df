internal import Glibc
internal import Iceberg

/// A failed system call: its errno, which is read right after the call.
struct SystemError: Error {
    /// The number of errno(3).
    let number: Int32
    /// What was being done, such as `create`.
    let action: String

    /// The error of the call that has just failed.
    static func last(_ action: String) -> SystemError { SystemError(number: errno, action: action) }

    /// The text of strerror(3), and the number's name where it decides what to do.
    var text: String { String(cString: strerror(number)) }

    /// The typed error, with the place and what to do about it.
    func error(at location: String) -> IcebergError {
        let what = "cannot \(action): \(text)"
        switch number {
        case ENOENT: return IcebergError(.notFound, what, at: location)
        case EEXIST: return IcebergError(.alreadyExists, what, at: location)
        case ENOSPC, EDQUOT:
            return IcebergError(.unavailable, what + "; free some space or raise the quota, then retry", at: location)
        case EROFS:
            return IcebergError(
                .unavailable, what + "; mount it writable, or point LAKE_WAREHOUSE elsewhere", at: location)
        case EACCES, EPERM:
            return IcebergError(
                .unavailable, what + "; give this user permission to read and write there", at: location)
        case EMFILE, ENFILE:
            return IcebergError(.unavailable, what + "; raise the limit of open files", at: location)
        case ENAMETOOLONG: return IcebergError(.invalid, what + "; shorten the partition value or name", at: location)
        case ENOTDIR:
            return IcebergError(.unavailable, what + "; a file lies where a folder is needed", at: location)
        default: return IcebergError(.unavailable, what, at: location)
        }
    }
}
