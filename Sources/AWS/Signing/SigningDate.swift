internal import Calendar

/// A point in time as Signature Version 4 writes it: `20260131T235959Z`.
struct SigningDate: Equatable {
    /// Date and time, to the second.
    let text: String

    /// The date alone, `20260131`.
    var day: String { String(text.prefix(8)) }

    /// The second that a time in milliseconds since the epoch lies in.
    init(milliseconds: Int64) {
        let seconds = floorDivide(milliseconds, 1000)
        let days = floorDivide(seconds, 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        let rest = seconds - days * 86_400
        let day = [date.month, date.day].map { CivilDate.padded($0, 2) }.joined()
        let time = [rest / 3600, rest / 60 % 60, rest % 60].map { CivilDate.padded($0, 2) }.joined()
        text = "\(CivilDate.padded(date.year, 4))\(day)T\(time)Z"
    }
}
