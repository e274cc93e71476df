/// Finds what somebody probably meant.
enum Suggestion {
    /// The nearest of the allowed words, if it is near enough to be a slip.
    static func nearest(to word: String, among allowed: some Sequence<String>) -> String? {
        let word = word.lowercased()
        let limit = max(1, min(3, word.count / 3))
        let near = allowed.map { (name: $0, distance: distance(word, $0.lowercased(), limit: limit)) }
        return near.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
    }

    /// `; did you mean "…"?`, or nothing.
    static func hint(for word: String, among allowed: some Sequence<String>) -> String {
        nearest(to: word, among: allowed).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// Levenshtein's distance in characters; anything past the limit counts as past it.
    private static func distance(_ left: String, _ right: String, limit: Int) -> Int {
        let (left, right) = (Array(left), Array(right))
        guard abs(left.count - right.count) <= limit else { return limit + 1 }
        var previous = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                current.append(
                    min(previous[column] + (character == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
