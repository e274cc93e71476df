/// What a field of a cron expression may hold.
struct CronField {
    let range: ClosedRange<Int>
    /// The first value for errors, such as `minutes from 0 to 59`.
    let expected: String
    /// Names of the values from the first on.
    var names: [String] = []
    /// Whether it takes `/`.
    var hasSteps = true

    static let minutes = CronField(range: 0...59, expected: "minutes from 0 to 59 or *")
    static let hours = CronField(range: 0...23, expected: "hours from 0 to 23 or *")
    static let daysOfMonth = CronField(range: 1...31, expected: "days of the month from 1 to 31, *, ?, L or 15W")
    static let months = CronField(
        range: 1...12, expected: "months from 1 to 12, JAN to DEC or *",
        names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
    static let daysOfWeek = CronField(
        range: 1...7, expected: "days of the week from 1 to 7, SUN to SAT, *, ?, L, 6L or 3#2",
        names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], hasSteps: false)
    static let years = CronField(range: CronFields.years, expected: "years from 1970 to 2199 or *")
}
